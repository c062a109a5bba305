using ExtShell.Format.Checksums;
using ExtShell.Format.OnDisk;

namespace ExtShell.Check.Facts;

/// <summary>The sums of inode records.</summary>
internal static class InodeRecords
{
    /// <summary>Whether the record's sum matches, where there are sums; a record of zeroes has none.</summary>
    public static bool IsVerified(Volume volume, uint inode, long offsetBytes, in InodeRecord record)
    {
        int sizeBytes = volume.Geometry.InodeSizeBytes;
        if (!volume.HasMetadataChecksum || !volume.Source.Read(offsetBytes, sizeBytes).ContainsAnyExcept((byte)0))
            return true;
        int extraSizeBytes = sizeBytes > InodeRecord.ShortSizeBytes ? record.ExtraSize : 0;
        return volume.TryReadVerified(
            offsetBytes, sizeBytes, Ext4Checksums.Inode(volume.Geometry, inode, offsetBytes, extraSizeBytes), out _);
    }
}
