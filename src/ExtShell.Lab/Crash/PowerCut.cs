using System.Numerics;
using ExtShell.Engine.Devices;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Crash;

/// <summary>A power cut at one instant: what is durable, what is undecided, and the states that follow.</summary>
public sealed class PowerCut
{
    private readonly WriteLog _log;
    private readonly int[][] _possible;

    private PowerCut(WriteLog log, Epoch epoch, int cut)
    {
        _log = log;
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
            throw new FileSystemException(
                Errno.EINVAL, $"cut the power at {position}", $"the write log has the positions 0 to {log.Position}");
        foreach (Epoch epoch in new EpochReader(log, model).Read())
        {
            if (position >= epoch.Cuts.First && position <= epoch.Cuts.Last)
                return new PowerCut(log, epoch, position);
        }

        throw new InvariantException("the epochs cover all positions of the log");
    }

    /// <summary>The state in which nothing undecided reached the disk.</summary>
    public CrashState Oldest() => Choose(static (_, possible) => possible[0]);

    /// <summary>The state in which everything submitted reached the disk.</summary>
    public CrashState Newest() => Choose((cell, _) => LastSubmitted(Epoch.Cells[cell]));

    /// <summary>A state by chance: the same seed, the same state.</summary>
    public CrashState Sample(int seed)
    {
        var random = new Random(seed);
        return Choose((_, possible) => possible[random.Next(possible.Length)]);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"power cut at {Cut}: {UndecidedCount:N0} undecided stretches, {States:N0} crash states");

    /// <summary>
    /// The version that the last write of the cell carries: a write of bytes that were there earlier is no version of its own.
    /// </summary>
    private int LastSubmitted(Cell cell)
    {
        for (int i = _log.Bios.Count - 1; i >= 0; i--)
        {
            LoggedBio bio = _log.Bios[i];
            long within = cell.OffsetBytes - bio.OffsetBytes;
            if (bio.Operation == BioOperation.Flush || bio.SubmittedAt >= Cut || within < 0 || within >= bio.LengthBytes)
                continue;
            ReadOnlySpan<byte> bytes = bio.Operation == BioOperation.WriteZeroes
                ? new byte[cell.LengthBytes]
                : bio.Data.Span.Slice((int)within, cell.LengthBytes);
            for (int version = 0; version < cell.Versions.Count; version++)
            {
                if (cell.Versions[version].Bytes.Span.SequenceEqual(bytes))
                    return version;
            }
        }

        return 0;
    }

    private CrashState Choose(Func<int, int[], int> choose)
    {
        var versions = new int[_possible.Length];
        for (int cell = 0; cell < versions.Length; cell++)
            versions[cell] = choose(cell, _possible[cell]);
        return new CrashState(Epoch, versions, Cut);
    }
}
