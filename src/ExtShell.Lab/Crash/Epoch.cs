using System.Numerics;
using ExtShell.Engine.Devices;

namespace ExtShell.Lab.Crash;

/// <summary>
/// The time between two durability events. Within it the sets of possible contents only grow, so it is explored once, with the sets of
/// its end; each outcome is then judged at every cut at which it was possible.
/// </summary>
public sealed class Epoch
{
    private readonly AtomMap _atoms;
    private readonly OriginMap _origins;

    internal Epoch(int index, CutRange cuts, IStorage durable, Cell[] cells, AtomMap atoms, OriginMap origins)
    {
        Index = index;
        Cuts = cuts;
        Durable = durable;
        Cells = cells;
        _atoms = atoms;
        _origins = origins;
        States = BigInteger.One;
        foreach (Cell cell in cells)
            States *= cell.Versions.Count;
    }

    /// <summary>Its number in the log.</summary>
    public int Index { get; }

    /// <summary>Its cuts.</summary>
    public CutRange Cuts { get; }

    /// <summary>What is durable all through it; cells are undecided over it. Not to be written.</summary>
    public IStorage Durable { get; }

    /// <summary>What is undecided at its end, in order of offset.</summary>
    public IReadOnlyList<Cell> Cells { get; }

    /// <summary>How many crash states there are at its end: the product of the cells' versions.</summary>
    public BigInteger States { get; }

    /// <summary>Who wrote the durable bytes at that place, and up to where the answer holds.</summary>
    public (Provenance Origin, int BioIndex, long EndBytes) DurableOrigin(long offsetBytes)
    {
        (long start, int length) = _atoms.Of(offsetBytes);
        (Provenance origin, int bio) = _origins.At(start, Cuts.First);
        return (origin, bio, start + length);
    }
}
