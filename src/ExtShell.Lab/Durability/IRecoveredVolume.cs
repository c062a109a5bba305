using ExtShell.Check;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Durability;

/// <summary>
/// A volume after a cut and its recovery, as far as the ledger looks at it: names, sizes, mappings, and what a place may hold.
/// </summary>
public interface IRecoveredVolume
{
    /// <summary>Whether it could be mounted; what could not is judged no further.</summary>
    bool IsMounted { get; }

    /// <summary>The cuts at which it can be so.</summary>
    CutRange Cuts { get; }

    /// <summary>The file-system block in bytes.</summary>
    int BlockSizeBytes { get; }

    /// <summary>What the path leads to.</summary>
    /// <returns>False if nothing is there.</returns>
    bool TryFind(string path, out RecoveredInode inode);

    /// <summary>Stands for names, sizes and mappings; what was verified of one tree holds for every equal one.</summary>
    TreeIdentity Identity { get; }

    /// <summary>All paths but the root's.</summary>
    IEnumerable<string> Paths();

    /// <summary>What the device may hold at a place: all versions of the first stretch of the range that comes from one cell.</summary>
    /// <param name="offsetBytes">Where on the device.</param>
    /// <param name="lengthBytes">How long to look at most; within one aligned 4 KiB.</param>
    /// <param name="into">Gets the versions, each of the returned length.</param>
    /// <returns>The length of the stretch in bytes.</returns>
    int Content(long offsetBytes, int lengthBytes, List<ContentVersion> into);
}
