using System.Globalization;

namespace ExtShell.Repl.Prompting;

/// <summary>
/// What the prompt says of where the user is: the volume, its protocol with the switches that are on, and the simulated time.
/// </summary>
internal static class PromptTitle
{
    public static string Of(PromptSession session)
    {
        if (session.Volume is not { } volume)
            return "";
        DateTime time = DateTime.UnixEpoch.AddTicks(volume.Machine.Clock.NowNanoseconds / 100);
        string name = session.VolumeName.Length > 0 ? session.VolumeName + "  " : "";
        string switches = string.Concat(volume.Options.Switches.Select(known => " +" + known));
        string state = volume.IsReadOnly ? "  read-only" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
                $"{name}{Size(volume.Device.LengthBytes)}  {volume.Options.Protocol}{switches}{state}  {time:yyyy-MM-dd HH:mm:ss.ffffff}");
    }

    private static string Size(long bytes)
    {
        (double value, string unit) = bytes switch
        {
            >= 1L << 30 => (bytes / (double)(1L << 30), "GiB"),
            >= 1L << 20 => (bytes / (double)(1L << 20), "MiB"),
            _ => (bytes / 1024.0, "KiB"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {unit}");
    }
}
