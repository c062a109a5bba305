using ExtShell.Engine.Allocation;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Lab.Looking;

/// <summary>A block of a volume: what it is for, whose it is, what it holds.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="Number">The block's number.</param>
/// <param name="Use">What it is for, in words.</param>
/// <param name="IsAllocated">Whether the bitmap says that it is in use.</param>
/// <param name="Inode">The inode that it belongs to; 0 for none.</param>
/// <param name="FileBlock">Which block of the file it is; −1 where it is none.</param>
/// <param name="State">Of a file's block: written or unwritten.</param>
/// <param name="Bytes">What the device holds there now.</param>
public sealed record BlockView(
    Volume Volume, long Number, string Use, bool IsAllocated, uint Inode, long FileBlock, MappingState State, byte[] Bytes)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"block {Number}: {Use}{(Inode > 0 ? $", inode {Inode}" : "")}{(FileBlock >= 0 ? $", block {FileBlock} of the file" : "")}");

    internal static BlockView Of(Volume volume, long number)
    {
        VolumeGeometry geometry = volume.Context.Geometry;
        if (number < 0 || number >= geometry.BlocksCount)
            throw new FileSystemException(
                Errno.EINVAL, $"look at block {number}", $"the volume has the blocks 0 to {geometry.BlocksCount - 1}");
        byte[] bytes = volume.Device.Content.Read(geometry.BlockOffsetBytes(number), geometry.BlockSizeBytes).ToArray();
        if (number < geometry.FirstDataBlock)
            return new BlockView(volume, number, "boot block", true, 0, -1, MappingState.Hole, bytes);
        bool isAllocated = IsMarked(volume.Context, number);
        if (SystemUse(volume.Context, number) is { } use)
            return new BlockView(volume, number, use, isAllocated, 0, -1, MappingState.Hole, bytes);
        if (!isAllocated)
            return new BlockView(volume, number, "free", false, 0, -1, MappingState.Hole, bytes);
        return OwnerOf(volume, number, bytes) ?? new BlockView(volume, number, "block of a map", true, 0, -1, MappingState.Hole, bytes);
    }

    private static bool IsMarked(VolumeContext context, long number)
    {
        int group = context.Geometry.GroupOfBlock(number);
        if (context.Groups.IsBlockBitmapUninitialized(group))
            return context.SystemZone.Overlaps(number, 1);
        long index = (number - context.Geometry.GroupFirstBlock(group)) / context.Geometry.ClusterRatio;
        long offset = context.Geometry.BlockOffsetBytes(context.Groups.BlockBitmapBlock(group)) + (index / 8);
        return (context.Buffers.Read(offset, 1)[0] & (1 << (int)(index % 8))) != 0;
    }

    private static string? SystemUse(VolumeContext context, long number)
    {
        VolumeGeometry geometry = context.Geometry;
        for (int group = 0; group < geometry.GroupCount; group++)
        {
            long first = geometry.GroupFirstBlock(group);
            if (geometry.HasSuperBlock(group) && number == geometry.SuperBlockBlock(group))
                return group == 0 ? "superblock" : $"copy of the superblock in group {group}";
            if (number >= first && number < first + geometry.BaseMetadataBlocksCount(group))
                return $"group descriptors, or blocks kept for them, in group {group}";
            if (number == context.Groups.BlockBitmapBlock(group))
                return $"block bitmap of group {group}";
            if (number == context.Groups.InodeBitmapBlock(group))
                return $"inode bitmap of group {group}";
            long table = context.Groups.InodeTableBlock(group);
            if (number >= table && number < table + geometry.InodeTableBlocksCount)
                return $"inode table of group {group}";
        }

        return null;
    }

    private static BlockView? OwnerOf(Volume volume, long number, byte[] bytes)
    {
        for (uint inode = InodeNumbers.Root; inode <= volume.Context.Geometry.InodesCount; inode++)
        {
            if (inode == InodeNumbers.Resize)
                continue;
            InodeView view = InodeView.Of(volume, inode, "");
            if (view.Mode == InodeMode.None || (view.Links == 0 && !view.IsLive))
                continue;
            if (view.AttributeBlock == number)
                return new BlockView(volume, number, "extended attributes", true, inode, -1, MappingState.Hole, bytes);
            if (InMap(volume, inode, number) is { } mapping)
                return new BlockView(volume, number, UseOf(inode, view.Mode), true, inode,
                    mapping.LogicalBlock + (number - mapping.PhysicalBlock), mapping.State, bytes);
        }

        return null;
    }

    private static BlockMapping? InMap(Volume volume, uint number, long block)
    {
        Inode inode = volume.Inodes.GetReserved(number);
        try
        {
            if (!inode.HasMap)
                return null;
            foreach (BlockMapping mapping in inode.Map.Enumerate())
            {
                if (mapping.IsMapped && block >= mapping.PhysicalBlock && block < mapping.PhysicalBlock + mapping.LengthBlocks)
                    return mapping;
            }

            return null;
        }
        finally
        {
            volume.Machine.Run(() => volume.Inodes.ReleaseAsync(inode));
        }
    }

    private static string UseOf(uint inode, InodeMode mode) => inode == InodeNumbers.Journal ? "journal"
        : (mode & InodeMode.TypeMask) switch
        {
            InodeMode.Directory => "directory",
            InodeMode.SymbolicLink => "symbolic link",
            _ => "file data",
        };
}
