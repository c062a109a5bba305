using System.Runtime.InteropServices;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Journal;
using ExtShell.Format.Journal;
using ExtShell.Format.OnDisk;
using ExtShell.TestTools;

namespace ExtShell.Conformance.Tests.Journal;

/// <summary>Journals that the kernel wrote, cut off while mounted: our recovery leaves the blocks that e2fsck's leaves.</summary>
public sealed class JournalsOfTheKernelTests
{
    [RequiresKernelMountTheory("mkfs.ext4", "debugfs", "dumpe2fs", "e2fsck", "sh")]
    [InlineData("default", "-b 4096", "", 60)]
    [InlineData("wraps", "-b 4096", "", 300)]
    [InlineData("1 KiB", "-b 1024", "", 60)]
    [InlineData("no sums", "-b 4096 -O ^metadata_csum", "", 60)]
    [InlineData("no sums, 32 bits", "-b 4096 -O ^metadata_csum,^64bit", "", 60)]
    [InlineData("ext3", "-b 4096 -t ext3", "", 60)]
    [InlineData("sums of version 1", "-b 4096 -O ^metadata_csum", "journal_checksum", 60)]
    [InlineData("record does not wait", "-b 4096 -O ^metadata_csum", "journal_async_commit,data=writeback", 60)]
    [InlineData("data too", "-b 4096", "data=journal", 60)]
    public void RecoveryLeavesTheBlocksThatE2fsckLeaves(string name, string makeOptions, string mountOptions, int files)
    {
        using var folder = new TemporaryFolder();
        (string image, string ours, string theirs) = (folder.File("image"), folder.File("ours"), folder.File("theirs"));
        ReferenceImage.Make(image, "64M", makeOptions.Split(' '));
        ReferenceImage.FillByKernel(image, mountOptions, mountPoint =>
        {
            ExternalTool.RunOrThrow("sh", "-c", Workload(mountPoint, files));
            File.Copy(image, theirs);
        });
        JournalGeometry geometry = JournalOfImage.GeometryOf(theirs);
        PagedMemory storage = JournalOfImage.Load(theirs);

        RecoveryReport report = JournalRecovery.Replay(new StorageSource(storage), geometry);
        ToolResult checker = ExternalTool.Run("e2fsck", "-y", "-E", "journal_only", theirs);

        Assert.True(checker.ExitCode <= 1, $"{name}: {checker.Output}{checker.Errors}");
        Assert.Equal(RecoveryOutcome.Recovered, report.Outcome);
        Assert.True(report.TransactionsReplayed > 10, $"{name}: {report}");
        if (!mountOptions.Contains("data=journal", StringComparison.Ordinal)) // there the kernel revokes nothing
            Assert.True(report.RevokeRecords > 0, $"{name}: {report}");
        AssertSame(name, storage, JournalOfImage.Load(theirs), geometry);
        JournalOfImage.Save(storage, ours);
        ExternalTool.Run("e2fsck", "-fy", ours);
        Assert.Equal(0, ExternalTool.Run("e2fsck", "-fn", ours).ExitCode);
    }

    /// <summary>
    /// Files made and synced one by one; directories made, filled and removed, which revokes their blocks; no sync at the end.
    /// </summary>
    private static string Workload(string mountPoint, int files) => $"""
        cd {mountPoint} || exit 1
        printf '\300\073\071\230 looks like a record' > magic; sync magic
        i=0
        while [ $i -lt {files} ]; do
            mkdir d$i; echo $i > d$i/one; sync d$i/one
            if [ $((i % 3)) = 2 ]; then rm -r d$((i - 1)); echo $i > kept$i; sync kept$i; fi
            i=$((i + 1))
        done
        """;

    private static void AssertSame(string name, PagedMemory ours, PagedMemory theirs, JournalGeometry geometry)
    {
        int block = geometry.BlockSizeBytes;
        long superBlock = 1024 / block;
        for (long i = 0; i < geometry.VolumeLengthBlocks; i++)
        {
            if (i == superBlock || i == geometry.PhysicalBlock(0))
                continue;
            bool isSame = ours.Read(i * block, block).SequenceEqual(theirs.Read(i * block, block));
            Assert.True(isSame, $"{name}: block {i} differs");
        }

        JournalSuperBlock ourLog = MemoryMarshal.Read<JournalSuperBlock>(ours.Read(geometry.OffsetBytes(0), JournalSuperBlock.SizeBytes));
        JournalSuperBlock theirLog = MemoryMarshal.Read<JournalSuperBlock>(
            theirs.Read(geometry.OffsetBytes(0), JournalSuperBlock.SizeBytes));
        Assert.Equal((theirLog.Start, theirLog.Sequence), (ourLog.Start, ourLog.Sequence));
        SuperBlock ourVolume = MemoryMarshal.Read<SuperBlock>(ours.Read(1024, SuperBlock.SizeBytes));
        SuperBlock theirVolume = MemoryMarshal.Read<SuperBlock>(theirs.Read(1024, SuperBlock.SizeBytes));
        Assert.Equal(theirVolume.FeatureIncompat, ourVolume.FeatureIncompat);
    }
}
