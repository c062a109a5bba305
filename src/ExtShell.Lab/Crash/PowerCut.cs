using System.Numerics;
using ExtShell.Engine.Devices;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Crash;

/// <summary>A power cut at one instant: what is durable, what is undecided, and the states that follow.</summary>
public sealed class PowerCut
{
    private readonly int[][] _possible;

    private PowerCut(Epoch epoch, int cut)
    {
        Epoch = epoch;
        Cut = cut;
        _possible = new int[epoch.Cells.Count][];
        States = BigInteger.One;
        foreach (Cell cell in epoch.Cells)
        {
            var possible = new List<int>();
            for (int version = 0; version < cell.Versions.Count; version++)
            {
                if (cell.Versions[version].PossibleFrom <= cut)
                    possible.Add(version);
            }

            _possible[cell.Index] = [.. possible];
            States *= possible.Count;
        }
    }

    /// <summary>The epoch in which the cut lies.</summary>
    public Epoch Epoch { get; }

    /// <summary>The instant, as a position of the write log.</summary>
    public int Cut { get; }

    /// <summary>How many states the disk can be in.</summary>
    public BigInteger States { get; }

    /// <summary>How many stretches of the disk are undecided.</summary>
    public int UndecidedCount => _possible.Count(versions => versions.Length > 1);

    /// <summary>The cut at a position of the log; at its end if none is given.</summary>
    /// <exception cref="FileSystemException">EINVAL: the log has no such position.</exception>
    public static PowerCut At(WriteLog log, DeviceModel model, int? cut = null)
    {
        int position = cut ?? log.Position;
        if (position < 0 || position > log.Position)
            throw new FileSystemException(Errno.EINVAL, $"cut the power at {position}", $"the write log has the positions 0 to {log.Position}");
        foreach (Epoch epoch in new EpochReader(log, model).Read())
        {
            if (position >= epoch.Cuts.First && position <= epoch.Cuts.Last)
                return new PowerCut(epoch, position);
        }

        throw new InvariantException("the epochs cover all positions of the log");
    }

    /// <summary>The state in which nothing undecided reached the disk.</summary>
    public CrashState Oldest() => Choose(static possible => possible[0]);

    /// <summary>The state in which everything submitted reached the disk.</summary>
    public CrashState Newest() => Choose(static possible => possible[^1]);

    /// <summary>A state by chance: the same seed, the same state.</summary>
    public CrashState Sample(int seed)
    {
        var random = new Random(seed);
        return Choose(possible => possible[random.Next(possible.Length)]);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"power cut at {Cut}: {UndecidedCount:N0} undecided stretches, {States:N0} crash states");

    private CrashState Choose(Func<int[], int> choose)
    {
        var versions = new int[_possible.Length];
        for (int cell = 0; cell < versions.Length; cell++)
            versions[cell] = choose(_possible[cell]);
        return new CrashState(Epoch, versions, Cut);
    }
}
