using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.Volumes;

/// <summary>A volume on a disk in memory, with what tests want of both.</summary>
internal sealed class TestVolume : IDisposable
{
    private readonly IScheduleStrategy? _strategy;
    private readonly DeviceTraits _traits;

    public TestVolume(
        long sizeBytes = 32 << 20,
        string features = "",
        MountOptions? options = null,
        DeviceTraits? traits = null,
        IScheduleStrategy? strategy = null,
        int blockSizeBytes = 4096,
        bool fill = true,
        VolumeType type = VolumeType.Ext4,
        int? inodeSizeBytes = null)
    {
        Storage = new PagedMemory(sizeBytes);
        var make = new VolumeMakeOptions { Type = type, Features = features, BlockSizeBytes = blockSizeBytes, FillFreeBlocks = fill };
        VolumeMaker.Make(Storage, inodeSizeBytes is { } size ? make with { InodeSizeBytes = size } : make);
        _strategy = strategy;
        _traits = traits ?? new DeviceTraits(HasVolatileCache: true);
        Options = options ?? MountOptions.Default;
        Mount();
    }

    public PagedMemory Storage { get; private set; }

    public Machine Machine { get; private set; } = null!;

    public IRecordedDevice Disk { get; private set; } = null!;

    public Volume Volume { get; private set; } = null!;

    public MountOptions Options { get; set; }

    public static byte[] Bytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Mounts on a machine and a disk of its own.</summary>
    public void Mount()
    {
        Machine = new Machine(_strategy);
        bool isMemory = WriteProtocols.Describe(Options.Protocol).DataPath == DataPath.Memory;
        Disk = isMemory ? new PersistentMemory(Machine, Storage) : new SimulatedDisk(Machine, Storage, _traits);
        Volume = Volume.Mount(Machine, Disk, Options);
    }

    public void Remount()
    {
        Volume.Unmount();
        Mount();
    }

    /// <summary>What the device would hold if the power went now and its cache kept all that had ended; mounted again.</summary>
    public void Crash()
    {
        Storage = Storage.Snapshot();
        Mount();
    }

    /// <summary>The image as a file.</summary>
    public void WriteImage(string path)
    {
        using FileStream file = File.Create(path);
        var buffer = new byte[1 << 20];
        for (long offset = 0; offset < Storage.LengthBytes; offset += buffer.Length)
        {
            int length = (int)Math.Min(buffer.Length, Storage.LengthBytes - offset);
            Storage.Read(offset, buffer.AsSpan(0, length));
            file.Write(buffer, 0, length);
        }
    }

    /// <summary>What e2fsck -fn says of the image: exit code and output. Unmount first.</summary>
    public (int ExitCode, string Output) Check()
    {
        using var folder = new TemporaryFolder();
        string image = Path.Combine(folder.Path, "image");
        WriteImage(image);
        ToolResult result = ExternalTool.Run("e2fsck", "-fn", image);
        return (result.ExitCode, result.Output + result.Errors);
    }

    /// <summary>Requires that e2fsck finds nothing to say of the unmounted volume, where it is installed.</summary>
    /// <param name="seen">What the volume has been through, for the message.</param>
    public void AssertClean(string seen = "")
    {
        if (ExternalTool.Find("e2fsck") is null)
            return;
        (int exitCode, string output) = Check();
        Assert.True(exitCode == 0, seen + output);
    }

    public void Dispose()
    {
    }
}
