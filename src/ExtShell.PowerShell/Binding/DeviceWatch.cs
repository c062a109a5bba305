using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.PowerShell.Binding;

/// <summary>What a volume's device is asked to do while something is done on the volume, for the debug stream.</summary>
internal readonly struct DeviceWatch
{
    private const int MostLines = 40;
    private readonly WriteLog? _log;
    private readonly int _first;

    private DeviceWatch(WriteLog? log) => (_log, _first) = (log, log?.Bios.Count ?? 0);

    public static DeviceWatch Begin(Volume volume) => new((volume.Device as IRecordedDevice)?.Log);

    /// <summary>The writes and flushes since, a line each.</summary>
    public IReadOnlyList<string> End()
    {
        if (_log is not { } log || log.Bios.Count == _first)
            return [];
        var lines = new List<string>();
        foreach (LoggedBio bio in log.Bios.Skip(_first).Take(MostLines))
            lines.Add(Line(bio));
        if (log.Bios.Count - _first > MostLines)
            lines.Add($"device: and {log.Bios.Count - _first - MostLines} more");
        return lines;
    }

    private static string Line(LoggedBio bio)
    {
        string place = bio.LengthBytes == 0
            ? ""
            : FormattableString.Invariant($" of {bio.LengthBytes:N0} bytes at {bio.OffsetBytes:N0} ({bio.Origin.Kind})");
        string ends = bio.CompletedAt == int.MaxValue ? "in flight" : FormattableString.Invariant($"ended at {bio.CompletedAt}");
        string error = bio.Error == Errno.None ? "" : $" with {bio.Error}";
        return FormattableString.Invariant(
            $"device: {bio.Operation}{place}{(bio.IsFua ? ", FUA" : "")}, submitted at {bio.SubmittedAt}, {ends}{error}");
    }
}
