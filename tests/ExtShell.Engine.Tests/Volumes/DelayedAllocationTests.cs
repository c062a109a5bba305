using ExtShell.Engine.Allocation;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Tests.Volumes;

/// <summary>Blocks that were reserved for dirty pages: write-back finds them, and gives back what it did not need.</summary>
public sealed class DelayedAllocationTests
{
    private const int Block = 4096;

    [Fact]
    public void OnAFullVolumeWriteBackFindsSpaceForTheTreeToo()
    {
        using var host = new TestVolume();
        using FileHandle file = FileOfFourExtents(host);
        Fill(host);
        file.WriteBuffered(100 * Block, TestVolume.Bytes(1, Block));
        file.Sync(); // the fifth extent needs a tree block, beside the last block that could be reserved
        var seen = new byte[Block];
        file.ReadDirect(100 * Block, seen);
        Assert.Equal(TestVolume.Bytes(1, Block), seen);
    }

    [Fact]
    public void WhatCouldNotBeAllocatedStaysReserved()
    {
        using var host = new TestVolume();
        using FileHandle file = FileOfFourExtents(host);
        host.Volume.Sync();
        host.Volume.Context.Blocks.WithholdFreeBlocks(1);
        file.WriteBuffered(100 * Block, TestVolume.Bytes(1, Block));
        Assert.Equal(1, host.Volume.Context.Blocks.ReservedBlocksCount);
        Assert.Equal(Errno.ENOSPC, Assert.Throws<FileSystemException>(() => file.Sync()).Errno);
        host.Volume.Context.Blocks.GiveBack();
        file.Truncate(0);
        Assert.Equal(0, host.Volume.Context.Blocks.ReservedBlocksCount);
    }

    private static FileHandle FileOfFourExtents(TestVolume host)
    {
        FileHandle file = host.Volume.Create("/f");
        for (int extent = 0; extent < 4; extent++)
            file.WriteDirect(extent * 2 * Block, TestVolume.Bytes(extent, Block));
        return file;
    }

    /// <summary>Leaves one block that can be reserved.</summary>
    private static void Fill(TestVolume host)
    {
        using FileHandle filler = host.Volume.Create("/filler");
        host.Volume.Sync();
        long left = host.Volume.Context.Blocks.AvailableTo(AllocationUse.Privileged);
        for (long at = 0; left > 1;)
        {
            long length = left > 32 ? left - 16 : 1;
            filler.Fallocate(at * Block, length * Block, keepSize: true);
            at += length;
            left = host.Volume.Context.Blocks.AvailableTo(AllocationUse.Privileged);
        }

        Assert.Equal(1, left);
    }
}
