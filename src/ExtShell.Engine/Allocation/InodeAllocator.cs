using ExtShell.Engine.Caching;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Allocation;

/// <summary>Allocates and frees inodes.</summary>
/// <remarks>
/// Where (after Orlov's idea: directories that have nothing to do with each other lie apart, and what is in them lies with them).
/// A directory of the root goes to the next flexible group, around the volume, that has at least its share of free inodes and blocks.
/// Any other directory goes to its parent's flexible group unless that is crowded, then to the next that is not.
/// Everything else goes to its parent's group, else to one of the same flexible group, else to the next that has a free inode.
/// Inside a group the first free inode is taken, so that all that were ever used are in front of the group's unused ones, whose part of the
/// table may never have been written.
/// Generations are a function of the seed and of how many were given out. A seed must not come again on the same volume: the generation is
/// what tells a reused inode's metadata from that of the inode before.
/// </remarks>
public sealed class InodeAllocator
{
    /// <summary>
    /// Credits that <see cref="Allocate"/> needs: inode bitmap, descriptor, and the block bitmap of a group that was never used.
    /// </summary>
    public const int CreditsToAllocate = 3;

    /// <summary>Credits that <see cref="Free"/> needs: inode bitmap and descriptor.</summary>
    public const int CreditsToFree = 2;

    private const int CrowdedDirectoriesDivisor = 16;
    private const int CrowdedFlexDivisor = 4;

    private readonly VolumeGeometry _geometry;
    private readonly GroupTable _groups;
    private readonly BlockAllocator _blocks;
    private readonly InodeBitmaps _bitmaps;
    private readonly MaximumTree _freeInodes;
    private readonly uint _generationSeed;
    private readonly int _flexCount;
    private uint _generationsCount;
    private int _nextFlex;

    internal InodeAllocator(VolumeGeometry geometry, BufferCache buffers, GroupTable groups, BlockAllocator blocks, uint generationSeed)
    {
        _geometry = geometry;
        _groups = groups;
        _blocks = blocks;
        _bitmaps = new InodeBitmaps(geometry, buffers, groups);
        _freeInodes = new MaximumTree(groups.Count);
        _generationSeed = generationSeed;
        _flexCount = (groups.Count + geometry.GroupsPerFlex - 1) / geometry.GroupsPerFlex;
        for (int group = 0; group < groups.Count; group++)
        {
            FreeInodesCount += groups.FreeInodesCount(group);
            UsedDirectoriesCount += groups.UsedDirectoriesCount(group);
            _freeInodes[group] = groups.FreeInodesCount(group);
        }
    }

    /// <summary>Free inodes of the volume.</summary>
    public long FreeInodesCount { get; private set; }

    /// <summary>Directories of the volume.</summary>
    public long UsedDirectoriesCount { get; private set; }

    /// <summary>Allocates an inode. Its place in the table is the caller's to write.</summary>
    /// <param name="handle">Has <see cref="CreditsToAllocate"/> credits.</param>
    /// <param name="parent">The directory in which it will be.</param>
    /// <param name="mode">Its type.</param>
    /// <exception cref="FileSystemException">ENOSPC: no inode is free.</exception>
    /// <exception cref="CorruptionException">A bitmap is damaged.</exception>
    public uint Allocate(Handle handle, uint parent, InodeMode mode)
    {
        bool isDirectory = (mode & InodeMode.TypeMask) == InodeMode.Directory;
        int parentGroup = _geometry.GroupOfInode(parent);
        int from = isDirectory ? FindFlexForDirectory(parentGroup, parent == InodeNumbers.Root) * _geometry.GroupsPerFlex : parentGroup;
        for (int tried = 0; tried < _groups.Count; tried++)
        {
            int group = NextWithFree(from);
            if (group < 0)
                break;
            int index = _bitmaps.FindFree(group, FirstIndex(group));
            if (index >= 0)
                return Take(handle, group, index, isDirectory);
            _freeInodes[group] = 0; // only reserved inodes are free there
        }

        throw new FileSystemException(Errno.ENOSPC, "allocate an inode", $"none of {_geometry.InodesCount} is free");
    }

    /// <summary>Frees an inode.</summary>
    /// <param name="handle">Has <see cref="CreditsToFree"/> credits.</param>
    /// <param name="inode">The inode; not a reserved one.</param>
    /// <param name="isDirectory">Whether it was a directory.</param>
    /// <exception cref="CorruptionException">It is reserved or not on the volume, or free already.</exception>
    public void Free(Handle handle, uint inode, bool isDirectory)
    {
        if (!_geometry.IsInode(inode) || inode < _geometry.FirstInode)
            throw new CorruptionException(0, "freed inode", "number", $"{_geometry.FirstInode} to {_geometry.InodesCount}", $"{inode}");
        int group = _geometry.GroupOfInode(inode);
        _bitmaps.Release(handle, group, _geometry.IndexOfInode(inode), isDirectory);
        FreeInodesCount++;
        UsedDirectoriesCount -= isDirectory ? 1 : 0;
        _freeInodes[group] = _groups.FreeInodesCount(group);
    }

    /// <summary>Whether the bitmap calls an inode used.</summary>
    /// <exception cref="CorruptionException">The bitmap is damaged.</exception>
    public bool IsUsed(uint inode) => _bitmaps.IsUsed(_geometry.GroupOfInode(inode), _geometry.IndexOfInode(inode));

    /// <summary>The generation (<c>i_generation</c>) for the next new inode.</summary>
    public uint NextGeneration()
    {
        // The finalizer of MurmurHash3 over a Weyl sequence: a permutation, so no two of 2^32 are equal.
        uint value = _generationSeed + (++_generationsCount * 0x9E3779B9);
        value = (value ^ (value >> 16)) * 0x85EBCA6B;
        value = (value ^ (value >> 13)) * 0xC2B2AE35;
        return value ^ (value >> 16);
    }

    private uint Take(Handle handle, int group, int index, bool isDirectory)
    {
        if (_groups.HasChecksums)
            _blocks.InitialiseGroup(handle, group); // as the kernel does: a group with inodes in use has a real block bitmap
        _bitmaps.Take(handle, group, index, isDirectory);
        FreeInodesCount--;
        UsedDirectoriesCount += isDirectory ? 1 : 0;
        _freeInodes[group] = _groups.FreeInodesCount(group);
        return _geometry.GroupFirstInode(group) + (uint)index;
    }

    private int FirstIndex(int group) => (int)Math.Max(0, _geometry.FirstInode - (long)_geometry.GroupFirstInode(group));

    private int NextWithFree(int from)
    {
        int found = _freeInodes.FindNext(from, 1);
        int flexBegin = from - (from % _geometry.GroupsPerFlex);
        if (found >= flexBegin && found < flexBegin + _geometry.GroupsPerFlex)
            return found;
        int inFlex = _freeInodes.FindNext(flexBegin, 1);
        return inFlex >= flexBegin && inFlex < from ? inFlex : found;
    }

    private int FindFlexForDirectory(int parentGroup, bool isOfRoot)
    {
        int parentFlex = parentGroup / _geometry.GroupsPerFlex;
        int first = isOfRoot ? _nextFlex : parentFlex;
        long inodesShare = FreeInodesCount / _flexCount;
        long blocksShare = _blocks.FreeBlocksCount / _flexCount;
        if (!isOfRoot)
        {
            inodesShare = Math.Max(1, inodesShare - ((long)_geometry.InodesPerGroup * _geometry.GroupsPerFlex / CrowdedFlexDivisor));
            blocksShare = Math.Max(0, blocksShare - ((long)_geometry.BlocksPerGroup * _geometry.GroupsPerFlex / CrowdedFlexDivisor));
        }

        long mostDirectories = isOfRoot
            ? long.MaxValue
            : ((UsedDirectoriesCount / _groups.Count) + (_geometry.InodesPerGroup / CrowdedDirectoriesDivisor)) * _geometry.GroupsPerFlex;
        for (int i = 0; i < _flexCount; i++)
        {
            int flex = (first + i) % _flexCount;
            if (!HasShare(flex, inodesShare, blocksShare, mostDirectories))
                continue;
            if (isOfRoot)
                _nextFlex = (flex + 1) % _flexCount;
            return flex;
        }

        return parentFlex;
    }

    private bool HasShare(int flex, long inodes, long blocks, long mostDirectories)
    {
        int group = flex * _geometry.GroupsPerFlex;
        int end = Math.Min(group + _geometry.GroupsPerFlex, _groups.Count);
        long freeInodes = 0;
        long freeBlocks = 0;
        long directories = 0;
        for (; group < end; group++)
        {
            freeInodes += _groups.FreeInodesCount(group);
            freeBlocks += _groups.FreeBlocksCount(group);
            directories += _groups.UsedDirectoriesCount(group);
        }

        return freeInodes > 0 && freeInodes >= inodes && freeBlocks >= blocks && directories <= mostDirectories;
    }
}
