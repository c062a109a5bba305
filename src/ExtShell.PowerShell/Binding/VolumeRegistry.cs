using System.Management.Automation;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;

namespace ExtShell.PowerShell.Binding;

/// <summary>The volumes that the module has mounted: they are unmounted, and their image files closed, when the module is removed.</summary>
public sealed class VolumeRegistry : IModuleAssemblyCleanup
{
    private static readonly Lock Gate = new();
    private static readonly List<Volume> Volumes = [];

    /// <summary>Adds a volume.</summary>
    public static Volume Keep(Volume volume)
    {
        lock (Gate)
            Volumes.Add(volume);
        return volume;
    }

    /// <summary>Unmounts a volume and closes its image file.</summary>
    public static void Release(Volume volume)
    {
        lock (Gate)
            Volumes.Remove(volume);
        using var storage = (volume.Device as IRecordedDevice)?.Storage as IDisposable;
        volume.Dispose();
    }

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        Volume[] left;
        lock (Gate)
            left = [.. Volumes];
        foreach (Volume volume in left)
            Release(volume);
    }
}
