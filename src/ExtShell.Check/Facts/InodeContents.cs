using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Facts;

/// <summary>Decides what i_block holds (ext4 disk layout, "The Contents of inode.i_block").</summary>
internal static class InodeContents
{
    public static InodeContent Of(Volume volume, uint inode, in InodeRecord record)
    {
        if (inode == InodeNumbers.Resize && volume.SuperBlock.Has(CompatibleFeatures.ResizeInode))
            return InodeContent.ResizeMap;
        if (inode == InodeNumbers.BadBlocks)
            return InodeContent.BlockMap;
        InodeMode type = record.Type;
        if (type is InodeMode.CharacterDevice or InodeMode.BlockDevice or InodeMode.Fifo or InodeMode.Socket)
            return InodeContent.Device;
        if (type is not (InodeMode.Regular or InodeMode.Directory or InodeMode.SymbolicLink))
            return InodeContent.None;
        if (record.Has(InodeFlags.InlineData) && volume.HasInlineData)
            return InodeContent.Inline;
        if (type == InodeMode.SymbolicLink && IsFastLink(volume, record))
            return InodeContent.FastLink;
        return record.Has(InodeFlags.Extents) && volume.HasExtents ? InodeContent.Extents : InodeContent.BlockMap;
    }

    /// <summary>A target stands in the inode if it is short and no blocks are counted but those of attributes.</summary>
    private static bool IsFastLink(Volume volume, in InodeRecord record)
    {
        long attributes = record.FileAcl != 0 ? volume.BlockSizeBytes / 512 : 0;
        return record.Size is > 0 and < InodeRecord.BlockSizeBytes && record.BlocksLow.Value == attributes
            && !record.Has(InodeFlags.Extents);
    }
}
