using ExtShell.Check.Facts;

namespace ExtShell.Check.Tests.Fuzz;

/// <summary>A piece of metadata that a mutation may change.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="OffsetBytes">Where it begins.</param>
/// <param name="LengthBytes">How long it is.</param>
/// <param name="Number">Its inode, or its group.</param>
/// <param name="Role">What a directory block is to its directory.</param>
internal readonly record struct MutationTarget(
    TargetKind Kind, long OffsetBytes, int LengthBytes, uint Number, DirectoryBlockRole Role = default);

internal enum TargetKind
{
    SuperBlock,
    Descriptor,
    BlockBitmap,
    InodeBitmap,
    Inode,
    ExtentBlock,
    IndirectBlock,
    DirectoryBlock,
    AttributeBlock,
    LinkBlock,
    JournalSuperBlock,
    OrphanBlock,
}
