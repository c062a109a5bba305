using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Format.Layout;
using ExtShell.Format.Sources;

namespace ExtShell.Lab.Crash;

/// <summary>Recovers a crash state as mounting it would, with the engine's own code.</summary>
internal static class CrashMount
{
    /// <summary>The file-system block of a decided image.</summary>
    public static int BlockSizeBytes(IByteSource image) => 1024 << (int)(uint)SuperBlockReader.Read(image).LogBlockSize;

    /// <summary>Recovers the image in place: journal, orphans.</summary>
    public static (MountOutcome Outcome, string Text) Recover(UndecidedImage image)
    {
        var machine = new Machine();
        return Recover(machine, new UndecidedDisk(machine, image));
    }

    /// <summary>Recovers what a device holds.</summary>
    public static (MountOutcome Outcome, string Text) Recover(Machine machine, IBlockDevice device)
    {
        try
        {
            machine.Run(() => VolumeRecovery.RecoverAsync(machine, device));
            return (MountOutcome.Mounted, "");
        }
        catch (CorruptionException damage)
        {
            return (MountOutcome.MountRefused, damage.Message);
        }
        catch (FileSystemException refusal)
        {
            return (MountOutcome.RecoveryFailed, refusal.Message);
        }
    }
}
