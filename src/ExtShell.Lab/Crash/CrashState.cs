using ExtShell.Engine.Devices;

namespace ExtShell.Lab.Crash;

/// <summary>One state that the disk can be in after a cut: a version for every undecided cell.</summary>
public sealed class CrashState
{
    internal CrashState(Epoch epoch, int[] versions, int cut)
    {
        Epoch = epoch;
        Versions = versions;
        Cut = cut;
    }

    /// <summary>The epoch.</summary>
    public Epoch Epoch { get; }

    /// <summary>For each cell of the epoch the version that it holds.</summary>
    public IReadOnlyList<int> Versions { get; }

    /// <summary>The cut, as a position of the write log.</summary>
    public int Cut { get; }

    /// <summary>The disk as it is then, before recovery; to be used and written freely.</summary>
    public IStorage ToStorage()
    {
        IStorage storage = Epoch.Durable.Snapshot();
        foreach (Cell cell in Epoch.Cells)
            storage.Write(cell.OffsetBytes, cell.Versions[Versions[cell.Index]].Bytes.Span);
        return storage;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"crash state at cut {Cut} of epoch {Epoch.Index}: {Versions.Count:N0} undecided stretches");
}
