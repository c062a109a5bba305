using System.Management.Automation;
using System.Runtime.CompilerServices;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Lab.Verbs;

namespace ExtShell.PowerShell.Binding;

/// <summary>
/// The volumes that the module has mounted, by number: they are unmounted, and their image files closed, when the module is removed.
/// </summary>
public sealed class VolumeRegistry : IModuleAssemblyCleanup
{
    private static readonly Lock Gate = new();
    private static readonly SortedList<int, Volume> Volumes = [];
    private static readonly ConditionalWeakTable<Volume, object> Gates = [];
    private static readonly List<IDisposable> Others = [];
    private static int _last;

    /// <summary>The mounted volumes with their numbers, in the order of mounting.</summary>
    public static IReadOnlyList<KeyValuePair<int, Volume>> All
    {
        get
        {
            lock (Gate)
                return [.. Volumes];
        }
    }

    /// <summary>Adds a volume.</summary>
    public static Volume Keep(Volume volume)
    {
        lock (Gate)
            Volumes.Add(++_last, volume);
        return volume;
    }

    /// <summary>Unmounts a volume and closes its image file.</summary>
    public static void Release(Volume volume)
    {
        Forget(volume);
        using var storage = (volume.Device as IRecordedDevice)?.Storage as IDisposable;
        lock (GateOf(volume))
            volume.Dispose();
    }

    /// <summary>Puts a volume in the place of one that is gone and whose storage it stands on now.</summary>
    public static Volume Replace(Volume gone, Volume volume)
    {
        Forget(gone);
        return Keep(volume);
    }

    /// <summary>The number of a volume in this session; 0 for one that the module did not mount, or that is gone.</summary>
    public static int NumberOf(PSObject volume)
    {
        lock (Gate)
            return Volumes.IndexOfValue((Volume)volume.BaseObject) is >= 0 and var index ? Volumes.GetKeyAtIndex(index) : 0;
    }

    /// <summary>The image file of a volume; null for one in memory.</summary>
    public static string? ImageOf(PSObject volume) => ImagePathOf((Volume)volume.BaseObject);

    /// <summary>The image file of a volume; null for one in memory.</summary>
    public static string? ImagePathOf(Volume volume) => (volume.Storage as ImageFile)?.Path;

    /// <summary>How much of a volume is free, in bytes; null where it is not mounted any more.</summary>
    public static long? FreeBytesOf(PSObject volume)
    {
        var known = (Volume)volume.BaseObject;
        if (!known.IsMounted)
            return null;
        VolumeStatistics statistics = known.GetStatistics();
        return statistics.FreeBlocks * statistics.BlockSizeBytes;
    }

    /// <summary>What a user of the volume locks: engine and laboratory are made for one caller at a time.</summary>
    public static object GateOf(Volume volume) => Gates.GetOrCreateValue(volume);

    /// <inheritdoc/>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        foreach ((_, Volume volume) in All)
            ReleaseOrDiscard(volume);
        lock (Gate)
        {
            Others.ForEach(static other => other.Dispose());
            Others.Clear();
        }
    }

    /// <summary>Has something disposed of when the module is removed.</summary>
    public static void DisposeAtRemoval(IDisposable other)
    {
        lock (Gate)
            Others.Add(other);
    }

    /// <summary>
    /// Releases a volume; one that cannot be unmounted well (it is full, or damaged) is dropped as it is, and the others are released.
    /// </summary>
    private static void ReleaseOrDiscard(Volume volume)
    {
        try
        {
            Release(volume);
        }
        catch (Exception failure) when (failure is FileSystemException or CorruptionException)
        {
            volume.Discard();
        }
    }

    private static void Forget(Volume volume)
    {
        lock (Gate)
        {
            if (Volumes.IndexOfValue(volume) is >= 0 and var index)
                Volumes.RemoveAt(index);
        }
    }
}
