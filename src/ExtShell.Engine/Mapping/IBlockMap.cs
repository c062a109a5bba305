using ExtShell.Engine.Allocation;
using ExtShell.Engine.Journal;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Mapping;

/// <summary>
/// Which blocks of the volume are a file's. Everything here is synchronous; the caller holds the inode's mapping lock: shared for
/// <see cref="Lookup"/> and <see cref="Enumerate"/>, exclusively for the rest.
/// </summary>
/// <remarks>
/// Each change is whole under its handle: where it stops, by an error or because it did less than it was asked, the map is sound and can be
/// committed. A change that throws <see cref="FileSystemException"/> has changed nothing.
/// </remarks>
public interface IBlockMap
{
    /// <summary>
    /// What the file has at <paramref name="logicalBlock"/>, and for how many blocks, up to <paramref name="maxBlocks"/>, the same goes on.
    /// </summary>
    /// <exception cref="CorruptionException">The map is damaged.</exception>
    BlockMapping Lookup(uint logicalBlock, int maxBlocks);

    /// <summary>
    /// Allocates blocks for a hole, as many as lie side by side: at least 1, at most <paramref name="lengthBlocks"/> and not beyond the
    /// hole.
    /// </summary>
    /// <param name="handle">Has <see cref="CreditsToMap"/> credits.</param>
    /// <param name="logicalBlock">The first block of the file; it is a hole.</param>
    /// <param name="lengthBlocks">How many are wanted.</param>
    /// <param name="state">Written or unwritten.</param>
    /// <param name="use">Who asks.</param>
    /// <returns>What was mapped.</returns>
    /// <exception cref="FileSystemException">ENOSPC; EOPNOTSUPP if the map cannot tell unwritten blocks.</exception>
    BlockMapping Allocate(Handle handle, uint logicalBlock, int lengthBlocks, MappingState state, AllocationUse use = AllocationUse.None);

    /// <summary>
    /// Makes unwritten blocks written: those from <paramref name="logicalBlock"/> on that one extent maps. The caller goes on behind what
    /// is returned, and must look at its state: written already is returned as it is, and so is a hole (the blocks were freed meanwhile).
    /// Never writes zeroes: it splits.
    /// </summary>
    /// <param name="handle">Has <see cref="CreditsToConvert"/> credits.</param>
    /// <param name="logicalBlock">The first block of the file.</param>
    /// <param name="lengthBlocks">How many at most.</param>
    /// <exception cref="FileSystemException">ENOSPC: a split needs a tree block, and even the blocks kept for that are gone.</exception>
    BlockMapping ConvertToWritten(Handle handle, uint logicalBlock, int lengthBlocks);

    /// <summary>Splits the unwritten extents at both ends of the range, so that converting just it needs no new tree block.</summary>
    /// <param name="handle">Has <see cref="CreditsToConvert"/> credits.</param>
    /// <param name="logicalBlock">The first block of the file.</param>
    /// <param name="lengthBlocks">How many.</param>
    /// <exception cref="FileSystemException">ENOSPC.</exception>
    void SplitAt(Handle handle, uint logicalBlock, int lengthBlocks);

    /// <summary>
    /// Frees what is mapped in the range, from its end towards its beginning, as far as the handle's credits reach. Between two calls the
    /// caller may restart the handle, and must drop the mapping lock to do so (a commit may wait for who waits for that lock).
    /// <see cref="MappingRemoval"/> does all that.
    /// </summary>
    /// <param name="handle">Has at least <see cref="CreditsToRemove"/> credits, so that the call gets somewhere; more make it get
    /// farther.</param>
    /// <param name="fromBlock">The first block of the file.</param>
    /// <param name="toExclusiveBlock">The block behind the last; <see cref="uint.MaxValue"/> stands for all there can be.</param>
    /// <returns>Whether all of the range is a hole now.</returns>
    /// <exception cref="FileSystemException">ENOSPC: a split needs a tree block.</exception>
    bool Remove(Handle handle, uint fromBlock, uint toExclusiveBlock);

    /// <summary>Credits that one <see cref="Allocate"/> of so many blocks needs at most, the inode's block included.</summary>
    int CreditsToMap(int lengthBlocks);

    /// <summary>
    /// Credits that one <see cref="ConvertToWritten"/> or <see cref="SplitAt"/> of so many blocks needs at most, the inode's block
    /// included.
    /// </summary>
    int CreditsToConvert(int lengthBlocks);

    /// <summary>Credits that the smallest step of <see cref="Remove"/> needs at most, the inode's block included.</summary>
    int CreditsToRemove();

    /// <summary>What is mapped, in the file's order; holes are left out. Not while the map changes.</summary>
    IEnumerable<BlockMapping> Enumerate();
}
