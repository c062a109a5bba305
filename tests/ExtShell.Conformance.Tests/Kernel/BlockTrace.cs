namespace ExtShell.Conformance.Tests.Kernel;

/// <summary>What happened to a block device, in phases: a phase begins with a mark and ends with the next one.</summary>
internal sealed class BlockTrace(IReadOnlyList<BlockEvent> events)
{
    /// <summary>Everything, in order.</summary>
    public IReadOnlyList<BlockEvent> Events => events;

    /// <summary>What happened in the phase; empty if there is no such mark.</summary>
    public IReadOnlyList<BlockEvent> Phase(string name)
    {
        int first = 0;
        while (first < events.Count && !(events[first].Kind == BlockEventKind.Mark && events[first].Text == name))
            first++;
        int end = Math.Min(first + 1, events.Count);
        while (end < events.Count && events[end].Kind != BlockEventKind.Mark)
            end++;
        return [.. events.Skip(first + 1).Take(end - first - 1)];
    }

    /// <summary>How many writes and flushes the phase has.</summary>
    public (int Writes, int Flushes) Count(string name)
    {
        IReadOnlyList<BlockEvent> phase = Phase(name);
        return (phase.Count(one => one.Kind == BlockEventKind.Write), phase.Count(one => one.Kind == BlockEventKind.Flush));
    }

    /// <summary>The device's content after the first <paramref name="count"/> events, from one that read as zeroes.</summary>
    public byte[] Replay(long sizeBytes, int count)
    {
        var content = new byte[sizeBytes];
        foreach (BlockEvent one in events.Take(count))
        {
            if (one.Kind == BlockEventKind.Write)
                one.Data.Span.CopyTo(content.AsSpan((int)one.OffsetBytes));
            else if (one.Kind == BlockEventKind.Zeroes)
                content.AsSpan((int)one.OffsetBytes, (int)one.LengthBytes).Clear();
        }

        return content;
    }
}
