using ExtShell.Engine.Devices;

namespace ExtShell.Lab.Crash;

/// <summary>
/// Cuts the device into the stretches that survive whole or not at all: the model's atomic units, split further where any write of the log
/// begins or ends inside one (a unit that is written in parts is taken to tear between the parts). What was stored to persistent memory
/// falls apart into its lines.
/// </summary>
internal sealed class AtomMap
{
    private readonly int _unitBytes;
    private readonly Dictionary<long, int[]> _splits = [];

    public AtomMap(WriteLog log, int unitBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(unitBytes);
        _unitBytes = unitBytes;
        var found = new Dictionary<long, SortedSet<int>>();
        foreach (LoggedBio bio in log.Bios)
        {
            if (bio.Operation == BioOperation.Flush)
                continue;
            int step = bio.IsStore ? PersistentMemory.LineBytes : bio.LengthBytes;
            for (int at = 0; at <= bio.LengthBytes; at += step)
                AddSplit(found, bio.OffsetBytes + at);
        }

        foreach ((long unit, SortedSet<int> splits) in found)
            _splits.Add(unit, [.. splits]);
    }

    /// <summary>The stretch that contains the byte.</summary>
    public (long OffsetBytes, int LengthBytes) Of(long offsetBytes)
    {
        long unit = offsetBytes / _unitBytes;
        int start = 0;
        int end = _unitBytes;
        if (_splits.TryGetValue(unit, out int[]? splits))
        {
            int within = (int)(offsetBytes % _unitBytes);
            foreach (int split in splits)
            {
                if (split <= within)
                    start = split;
                else
                {
                    end = split;
                    break;
                }
            }
        }

        return ((unit * _unitBytes) + start, end - start);
    }

    private void AddSplit(Dictionary<long, SortedSet<int>> found, long offsetBytes)
    {
        int within = (int)(offsetBytes % _unitBytes);
        if (within == 0)
            return;
        long unit = offsetBytes / _unitBytes;
        if (!found.TryGetValue(unit, out SortedSet<int>? splits))
            found.Add(unit, splits = []);
        splits.Add(within);
    }
}
