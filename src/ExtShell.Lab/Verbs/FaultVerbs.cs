using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Verbs;

/// <summary>
/// Failures of a volume's device, asked for while it is mounted. Those that no device causes are asked of <see cref="Volume.Faults"/>.
/// </summary>
public static class FaultVerbs
{
    extension(Volume volume)
    {
        /// <summary>Lets I/O of the device fail; failures that were asked for before come first.</summary>
        /// <param name="fault">Which I/O, how, and how often.</param>
        /// <exception cref="FileSystemException">EINVAL: the device is none of the laboratory's.</exception>
        public void Inject(DeviceFault fault)
        {
            IRecordedDevice device = Recorded(volume);
            DeviceFaults faults = device.FaultPlan?.Target as DeviceFaults ?? new DeviceFaults();
            faults.Add(fault);
            device.FaultPlan = faults.Decide;
        }

        /// <summary>Lets the device work again.</summary>
        /// <exception cref="FileSystemException">EINVAL: the device is none of the laboratory's.</exception>
        public void ClearFaults() => Recorded(volume).FaultPlan = null;
    }

    private static IRecordedDevice Recorded(Volume volume) => volume.Device as IRecordedDevice
        ?? throw new FileSystemException(Errno.EINVAL, "let a device fail", "it is none of the laboratory's");
}
