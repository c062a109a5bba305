using ExtShell.Format.Errors;

namespace ExtShell.Engine.Devices;

/// <summary>
/// What a device was asked to write from a moment on: the content it held then, and each submission and end since, in order. A position
/// is a number of events: the cut at position p comes after p events.
/// </summary>
public sealed class WriteLog
{
    private readonly List<LoggedBio> _bios = [];
    private readonly List<(int Position, string Text)> _marks = [];

    internal WriteLog(IStorage start, DeviceTraits traits)
    {
        Start = start;
        Traits = traits;
    }

    /// <summary>The content when the log began; not to be written.</summary>
    public IStorage Start { get; }

    /// <summary>What the device said of itself.</summary>
    public DeviceTraits Traits { get; }

    /// <summary>The number of events so far.</summary>
    public int Position { get; private set; }

    /// <summary>The bios in order of submission.</summary>
    public IReadOnlyList<LoggedBio> Bios => _bios;

    /// <summary>Marks that callers left, with the position at which they did.</summary>
    public IReadOnlyList<(int Position, string Text)> Marks => _marks;

    /// <summary>Leaves a mark at the current position.</summary>
    public void Mark(string text) => _marks.Add((Position, text));

    /// <summary>Whether memory was stored to: then the log is that of a persistent memory.</summary>
    public bool HasStores { get; private set; }

    internal LoggedBio Submitted(
        BioOperation operation, bool fua, long offsetBytes, int lengthBytes, ReadOnlyMemory<byte> data, Provenance origin,
        bool isStore = false)
    {
        var logged = new LoggedBio(_bios.Count, operation, fua, offsetBytes, lengthBytes, data, origin, Position++) { IsStore = isStore };
        HasStores |= isStore;
        _bios.Add(logged);
        return logged;
    }

    internal void Completed(int index, Errno error)
    {
        InvariantException.Require(_bios[index].CompletedAt == int.MaxValue, "a bio ends once");
        _bios[index].CompletedAt = Position++;
        _bios[index].Error = error;
    }
}
