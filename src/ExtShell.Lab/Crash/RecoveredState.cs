using System.Numerics;
using ExtShell.Check;
using ExtShell.Engine.Devices;
using ExtShell.Format.Sources;

namespace ExtShell.Lab.Crash;

/// <summary>
/// One leaf of the exploration: a class of crash states that recover to the same tree with the same findings. The metadata that was read is
/// decided; file data may not be. Valid while a judge looks at it.
/// </summary>
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

    /// <summary>The image after recovery. Reading what is undecided decides it for this leaf: a judge reads data by <see cref="Content"/> instead.</summary>
    public IByteSource Image => _image;

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
            into.Add(new ContentVersion(segment.Bytes.AsMemory(segment.Source, length), default, Epoch.Cuts.First));
        }
        else
        {
            AddVersions(segment, into);
        }

        return length;
    }

    /// <summary>Whether the place holds one content only in this leaf and was not written since the epoch's durable state.</summary>
    public bool IsDurable(long offsetBytes) => _image.Pages.Of(offsetBytes / PageMap.PageSizeBytes) is null;

    /// <summary>What was decided on the way: the cells of which not every version is possible any more, with one that is.</summary>
    public IReadOnlyList<CellChoice> Choices()
    {
        var choices = new List<CellChoice>();
        foreach (Cell cell in Epoch.Cells)
        {
            if (_image.Constraints.Sets.Count(cell.Index) < cell.Versions.Count)
                choices.Add(new CellChoice(cell.Index, _image.Constraints.Sets.First(cell.Index)));
        }

        return choices;
    }

    /// <summary>A crash state of this leaf that is possible at the cut, with the given version of one cell if asked for; null if there is none.</summary>
    public CrashState? StateAt(int cut, CellChoice? witness = null)
    {
        var versions = new int[Epoch.Cells.Count];
        foreach (Cell cell in Epoch.Cells)
        {
            int chosen = -1;
            for (int version = 0; version < cell.Versions.Count && chosen < 0; version++)
            {
                if (_image.Constraints.Sets.Contains(cell.Index, version) && cell.Versions[version].PossibleFrom <= cut)
                    chosen = version;
            }

            if (witness is { } wanted && wanted.Cell == cell.Index)
                chosen = wanted.Version;
            if (chosen < 0)
                return null;
            versions[cell.Index] = chosen;
        }

        return _image.Constraints.Contains(versions) ? new CrashState(Epoch, versions, cut) : null;
    }

    private void AddVersions(Segment segment, List<ContentVersion> into)
    {
        Cell cell = Epoch.Cells[segment.Cell];
        bool isDecided = _image.Constraints.Sets.Count(segment.Cell) == 1;
        for (int version = 0; version < cell.Versions.Count; version++)
        {
            if (!_image.Constraints.Sets.Contains(segment.Cell, version) || !IsPossible(segment.Cell, version))
                continue;
            CellVersion held = cell.Versions[version];
            into.Add(new ContentVersion(
                held.Bytes.Slice(segment.Source, segment.Length), held.Origin, held.PossibleFrom, isDecided ? -1 : segment.Cell, version));
        }
    }

    private bool IsPossible(int cell, int version)
    {
        if (!_image.Constraints.HasExclusions)
            return true;
        var words = new ulong[_image.Constraints.Sets.Words(cell).Length];
        words[version >> 6] |= 1UL << (version & 63);
        return !_image.WeightWith([(cell, words)]).IsZero;
    }

    private int FirstCut()
    {
        int first = Epoch.Cuts.First;
        foreach (Cell cell in Epoch.Cells)
        {
            int earliest = int.MaxValue;
            for (int version = 0; version < cell.Versions.Count; version++)
            {
                if (_image.Constraints.Sets.Contains(cell.Index, version))
                    earliest = Math.Min(earliest, cell.Versions[version].PossibleFrom);
            }

            first = Math.Max(first, earliest);
        }

        return first;
    }
}
