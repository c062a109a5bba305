using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Lab.Verbs;

namespace ExtShell.Lab.Tests.Verbs;

/// <summary>Volumes for tests of the verbs.</summary>
internal static class VerbVolumes
{
    public static readonly VolumeMakeOptions Small = new() { SizeBytes = 16 << 20 };

    public static Volume InMemory(params string[] switches) =>
        Laboratory.NewVolume(null, Small, MountOptions.Default with { Switches = switches });

    public static void Close(this Volume volume)
    {
        volume.Dispose();
        (((SimulatedDisk)volume.Device).Storage as IDisposable)?.Dispose();
    }

    public static byte[] Fill(char letter, int lengthBytes)
    {
        var bytes = new byte[lengthBytes];
        bytes.AsSpan().Fill((byte)letter);
        return bytes;
    }
}
