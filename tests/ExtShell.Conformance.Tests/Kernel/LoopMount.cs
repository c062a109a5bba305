using System.Globalization;
using ExtShell.TestTools;

namespace ExtShell.Conformance.Tests.Kernel;

/// <summary>
/// An image on a loop device, mounted in a folder of its own. Whatever happens, disposing unmounts and detaches what was reached.
/// </summary>
internal sealed class LoopMount : IDisposable
{
    private const int LargestRequestKibibytes = 1024;

    private bool _isMounted;

    private LoopMount(string device)
    {
        Device = device;
        Folder = Directory.CreateTempSubdirectory("extshell-mount-").FullName;
    }

    /// <summary>The loop device.</summary>
    public string Device { get; }

    /// <summary>Where it is mounted.</summary>
    public string Folder { get; }

    /// <summary>Attaches an image; it is not mounted yet.</summary>
    /// <param name="image">The image.</param>
    /// <param name="direct">Whether the loop device goes around the page cache of the image's file system.</param>
    public static LoopMount Attach(string image, bool direct = false)
    {
        string device = ExternalTool.RunOrThrow("losetup", "--find", "--show", direct ? "--direct-io=on" : "--direct-io=off", image).Trim();
        var mount = new LoopMount(device);
        File.WriteAllText(mount.QueueSetting("max_sectors_kb"), LargestRequestKibibytes.ToString(CultureInfo.InvariantCulture));
        return mount;
    }

    /// <summary>Attaches and mounts an image.</summary>
    public static LoopMount Of(string image, string options = "")
    {
        LoopMount mount = Attach(image);
        bool isMounted = false;
        try
        {
            mount.Mount(options);
            isMounted = true;
            return mount;
        }
        finally
        {
            if (!isMounted)
                mount.Dispose();
        }
    }

    /// <summary>Mounts the device as ext4.</summary>
    public void Mount(string options = "")
    {
        ExternalTool.RunOrThrow("mount", "-t", "ext4", "-o", options.Length == 0 ? "defaults" : options, Device, Folder);
        _isMounted = true;
    }

    /// <summary>Mounts the device as ext4 if the kernel takes it.</summary>
    public bool TryMount() => _isMounted = ExternalTool.Run("mount", "-t", "ext4", Device, Folder).ExitCode == 0;

    /// <summary>A path on the volume.</summary>
    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    /// <summary>syncfs.</summary>
    public void Sync() => LinuxCalls.SyncFileSystem(Folder);

    /// <summary>Unmounts and stays attached.</summary>
    public void Unmount()
    {
        ReferenceImage.Unmount(Folder);
        _isMounted = false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            if (_isMounted)
                Unmount();
        }
        finally
        {
            if (_isMounted)
                ExternalTool.Run("umount", "--lazy", Folder);
            ExternalTool.Run("losetup", "--detach", Device);
            Directory.Delete(Folder);
        }
    }

    private string QueueSetting(string name) => $"/sys/block/{System.IO.Path.GetFileName(Device)}/queue/{name}";
}
