using ExtShell.Check.Facts;

namespace ExtShell.Check.Totals;

/// <summary>A name that leads to an inode: the entry of a directory block.</summary>
internal readonly record struct NameReference(uint Directory, DirectoryBlockFacts Block, int Index)
{
    public ref readonly DirectoryName Entry => ref Block.Entries[Index];

    public ReadOnlySpan<byte> Name => Block.NameOf(Entry);

    /// <summary>Where the entry is.</summary>
    public FindingPlace Place => new(FindingStructure.Directory, Directory, -1, Block.PhysicalBlock, Entry.OffsetBytes);
}
