using ExtShell.Engine.Devices;

namespace ExtShell.Lab.Crash;

/// <summary>Who wrote what is durable, by stretch and time; only grows, so that epochs share it.</summary>
internal sealed class OriginMap
{
    private readonly Dictionary<long, List<(int Since, Provenance Origin, int BioIndex)>> _byOffset = [];

    public void Add(long offsetBytes, int since, Provenance origin, int bioIndex)
    {
        if (!_byOffset.TryGetValue(offsetBytes, out List<(int, Provenance, int)>? entries))
            _byOffset.Add(offsetBytes, entries = []);
        entries.Add((since, origin, bioIndex));
    }

    /// <summary>The origin at a cut; unknown, with bio −1, for what was there when the log began.</summary>
    public (Provenance Origin, int BioIndex) At(long offsetBytes, int position)
    {
        if (_byOffset.TryGetValue(offsetBytes, out List<(int Since, Provenance Origin, int BioIndex)>? entries))
        {
            for (int i = entries.Count - 1; i >= 0; i--)
            {
                if (entries[i].Since <= position)
                    return (entries[i].Origin, entries[i].BioIndex);
            }
        }

        return (default, -1);
    }
}
