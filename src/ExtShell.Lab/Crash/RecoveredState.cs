using System.Numerics;
using ExtShell.Check;
using ExtShell.Engine.Devices;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Crash;

/// <summary>
/// One leaf of the exploration: a class of crash states that recover to the same tree with the same findings. The metadata that was read is
/// decided; file data may not be. Valid while a judge looks at it.
/// </summary>
/// <remarks>
/// (1) Versions only become more within an epoch: what is possible at a cut is possible up to the epoch's end.
/// (2) Where a path excluded combinations, each version by itself may be possible at a cut and no state that is left: that is asked by
/// weight.
/// </remarks>
public sealed class RecoveredState
{
    private readonly UndecidedImage _image;
    private readonly List<(int At, Segment Segment)> _segments = [];

    internal RecoveredState(UndecidedImage image) => _image = image;

    /// <summary>The epoch it belongs to.</summary>
    public Epoch Epoch => _image.Epoch;

    /// <summary>How mounting went.</summary>
    public MountOutcome Mount { get; internal set; }

    /// <summary>Why mounting failed; empty where it did not.</summary>
    public string MountText { get; internal set; } = "";

    /// <summary>What the checker says after recovery; null where the state was not mounted.</summary>
    public CheckReport? Check { get; internal set; }

    /// <summary>The file-system block in bytes.</summary>
    public int BlockSizeBytes { get; internal set; }

    /// <summary>The cuts at which the leaf is possible.</summary>
    public CutRange Cuts => new(FirstCut(), Epoch.Cuts.Last);

    /// <summary>How many crash states it stands for.</summary>
    public BigInteger Weight => _image.Constraints.Weight();

    internal PathConstraints Constraints => _image.Constraints;

    /// <summary>
    /// What the device may hold at a place after recovery in this leaf: all versions of the first stretch at <paramref name="offsetBytes"/>
    /// whose bytes come from one cell, or are decided.
    /// </summary>
    /// <param name="offsetBytes">Where on the device.</param>
    /// <param name="lengthBytes">How long to look at most; within one 4 KiB page.</param>
    /// <param name="into">Gets the versions, each of the returned length; one if the stretch is decided.</param>
    /// <returns>The length of the stretch.</returns>
    public int Content(long offsetBytes, int lengthBytes, List<ContentVersion> into)
    {
        _segments.Clear();
        _image.Segments(offsetBytes, lengthBytes, _segments);
        Segment segment = _segments[0].Segment;
        int length = segment.Length;
        if (segment.Cell == -2)
        {
            (Provenance origin, _, long end) = Epoch.DurableOrigin(offsetBytes);
            length = (int)Math.Min(length, end - offsetBytes);
            into.Add(new ContentVersion(Epoch.Durable.Read(offsetBytes, length).ToArray(), origin, Epoch.Cuts.First));
        }
        else if (segment.Cell < 0)
        {
            Provenance origin = default;
            if (segment.DurableBytes >= 0)
            {
                (origin, _, long end) = Epoch.DurableOrigin(segment.DurableBytes);
                length = (int)Math.Min(length, end - segment.DurableBytes);
            }

            into.Add(new ContentVersion(segment.Bytes.AsMemory(segment.Source, length), origin, Epoch.Cuts.First));
        }
        else
        {
            AddVersions(segment, into);
        }

        return length;
    }

    /// <summary>
    /// A crash state of this leaf that is possible at the cut, with the given version of one cell if asked for; null if there is none.
    /// </summary>
    public CrashState? StateAt(int cut, CellChoice? witness = null)
    {
        if (SetsAt(cut, witness) is not { } sets || (Constraints.HasExclusions && _image.WeightWith(sets).IsZero))
            return null;
        var versions = new int[sets.Length];
        for (int cell = 0; cell < sets.Length; cell++)
            versions[cell] = TakeFirst(sets, cell);
        return new CrashState(Epoch, versions, cut);
    }

    /// <summary>Narrows the set of a cell to the first version that leaves a state.</summary>
    private int TakeFirst((int Cell, ulong[] Words)[] sets, int cell)
    {
        ulong[] words = sets[cell].Words;
        for (int version = 0; version < Epoch.Cells[cell].Versions.Count; version++)
        {
            if ((words[version >> 6] >> (version & 63) & 1) == 0)
                continue;
            sets[cell].Words = Only(version, words.Length);
            if (!Constraints.IsTied(cell) || !_image.WeightWith(sets).IsZero) // (2)
                return version;
        }

        throw new InvariantException("sets that stand for a state have one with some version of each cell");
    }

    private void AddVersions(Segment segment, List<ContentVersion> into)
    {
        Cell cell = Epoch.Cells[segment.Cell];
        bool isDecided = Constraints.Sets.Count(segment.Cell) == 1;
        bool isTied = Constraints.IsTied(segment.Cell);
        for (int version = 0; version < cell.Versions.Count; version++)
        {
            if (!Constraints.Sets.Contains(segment.Cell, version) || (isTied && !IsPossible(segment.Cell, version)))
                continue;
            CellVersion held = cell.Versions[version];
            int from = isTied ? FirstCut(new CellChoice(segment.Cell, version)) : held.PossibleFrom; // (2)
            into.Add(new ContentVersion(
                held.Bytes.Slice(segment.Source, segment.Length), held.Origin, from, isDecided ? -1 : segment.Cell, version));
        }
    }

    private bool IsPossible(int cell, int version) =>
        !_image.WeightWith([(cell, Only(version, Constraints.Sets.Words(cell).Length))]).IsZero;

    private int FirstCut(CellChoice? witness = null) // (1)
    {
        int first = Epoch.Cuts.First;
        foreach (Cell cell in Epoch.Cells)
            first = Math.Max(first, NextFrom(cell, witness, Epoch.Cuts.First));
        while (Constraints.HasExclusions && SetsAt(first, witness) is { } sets && _image.WeightWith(sets).IsZero) // (2)
        {
            int next = int.MaxValue;
            foreach (Cell cell in Epoch.Cells)
                next = Math.Min(next, NextFrom(cell, witness, first + 1));
            InvariantException.Require(next <= Epoch.Cuts.Last, "a leaf is possible at its epoch's end");
            first = next;
        }

        return first;
    }

    /// <summary>The earliest cut from <paramref name="from"/> on at which the cell has a new possible version in this leaf.</summary>
    private int NextFrom(Cell cell, CellChoice? witness, int from)
    {
        int next = int.MaxValue;
        for (int version = 0; version < cell.Versions.Count; version++)
        {
            if (IsAsked(cell.Index, version, witness) && cell.Versions[version].PossibleFrom >= from)
                next = Math.Min(next, cell.Versions[version].PossibleFrom);
        }

        return next;
    }

    /// <summary>For each cell the versions that were possible at a cut; null if a cell has none.</summary>
    private (int Cell, ulong[] Words)[]? SetsAt(int cut, CellChoice? witness)
    {
        var sets = new (int Cell, ulong[] Words)[Epoch.Cells.Count];
        foreach (Cell cell in Epoch.Cells)
        {
            var words = new ulong[Constraints.Sets.Words(cell.Index).Length];
            bool isPossible = false;
            for (int version = 0; version < cell.Versions.Count; version++)
            {
                if (!IsAsked(cell.Index, version, witness) || cell.Versions[version].PossibleFrom > cut)
                    continue;
                words[version >> 6] |= 1UL << (version & 63);
                isPossible = true;
            }

            if (!isPossible)
                return null;
            sets[cell.Index] = (cell.Index, words);
        }

        return sets;
    }

    private bool IsAsked(int cell, int version, CellChoice? witness) =>
        Constraints.Sets.Contains(cell, version) && (witness is not { } wanted || wanted.Cell != cell || wanted.Version == version);

    private static ulong[] Only(int version, int words)
    {
        var only = new ulong[words];
        only[version >> 6] = 1UL << (version & 63);
        return only;
    }
}
