using ExtShell.Engine.Inodes;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Lab.Looking;

/// <summary>An inode, as it is stored and, where the volume has it in memory, as it is there.</summary>
public sealed record InodeView
{
    /// <summary>The volume.</summary>
    public required Volume Volume { get; init; }

    /// <summary>The inode's number.</summary>
    public required uint Number { get; init; }

    /// <summary>The path by which it was looked up; empty where a number was given.</summary>
    public string InnerPath { get; init; } = "";

    /// <summary>Type and permissions.</summary>
    public required InodeMode Mode { get; init; }

    /// <summary>How many names it has.</summary>
    public required int Links { get; init; }

    /// <summary>The owner's id.</summary>
    public required uint Owner { get; init; }

    /// <summary>The group's id.</summary>
    public required uint Group { get; init; }

    /// <summary>The size that readers see now, in bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>The size that the next commit writes with the inode, in bytes: what a power cut can show.</summary>
    public required long DiskSizeBytes { get; init; }

    /// <summary>What is allocated to it, in units of 512 bytes, or of blocks with the flag HugeFile.</summary>
    public required long BlocksCount { get; init; }

    /// <summary>The flags.</summary>
    public required InodeFlags Flags { get; init; }

    /// <summary>Distinguishes two inodes that had the same number one after the other.</summary>
    public required uint Generation { get; init; }

    /// <summary>When it was deleted, seconds since 1970; of an orphan on the chain the number of the next one; 0 else.</summary>
    public required uint DeletionTime { get; init; }

    /// <summary>The last access.</summary>
    public required Timestamp Accessed { get; init; }

    /// <summary>The last change of the content.</summary>
    public required Timestamp Modified { get; init; }

    /// <summary>The last change of the inode.</summary>
    public required Timestamp Changed { get; init; }

    /// <summary>When it was made.</summary>
    public required Timestamp Created { get; init; }

    /// <summary>The block of its extended attributes; 0 for none.</summary>
    public required long AttributeBlock { get; init; }

    /// <summary>Where in the image it is stored, in bytes.</summary>
    public required long ImageOffsetBytes { get; init; }

    /// <summary>Whether the volume has it in memory.</summary>
    public bool IsLive { get; init; }

    /// <summary>Whether recovery would have to truncate or delete it.</summary>
    public bool IsOrphan { get; init; }

    /// <summary>How many direct I/Os are in flight that truncate and punch wait for.</summary>
    public int InFlightCount { get; init; }

    /// <summary>Whether a buffered write has not been written back yet.</summary>
    public bool HasDirtyPages { get; init; }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"inode {Number}{(InnerPath.Length > 0 ? " of " + InnerPath : "")}: {Mode}, {SizeBytes:N0} bytes");

    internal static InodeView Of(Volume volume, uint number, string path)
    {
        VolumeGeometry geometry = volume.Context.Geometry;
        if (!geometry.IsInode(number))
            throw new FileSystemException(
                Errno.ENOENT, $"look at inode {number}", $"the volume has the inodes 1 to {geometry.InodesCount}");
        long offset = geometry.InodeOffsetBytes(number, volume.Context.Groups.InodeTableBlock(geometry.GroupOfInode(number)));
        InodeRecord record = InodeRecord.Load(volume.Context.Buffers.Read(offset, geometry.InodeSizeBytes));
        Inode? live = volume.Inodes.Find(number);
        return new InodeView
        {
            Volume = volume,
            Number = number,
            InnerPath = path,
            Mode = record.Mode,
            Links = record.LinksCount.Value,
            Owner = record.Uid,
            Group = record.Gid,
            SizeBytes = live?.SizeBytes ?? record.Size,
            DiskSizeBytes = live?.DiskSizeBytes ?? record.Size,
            BlocksCount = record.BlocksCount,
            Flags = record.Flags,
            Generation = record.Generation.Value,
            DeletionTime = record.DeletionTime.Value,
            Accessed = record.AccessTime,
            Modified = record.ModifyTime,
            Changed = record.ChangeTime,
            Created = record.CreationTime,
            AttributeBlock = record.FileAcl,
            ImageOffsetBytes = offset,
            IsLive = live is not null,
            IsOrphan = live?.IsOrphan ?? false,
            InFlightCount = live?.InFlightCount ?? 0,
            HasDirtyPages = live?.HasDirtyPages ?? false,
        };
    }
}
