using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;

namespace ExtShell.PowerShell.Binding;

/// <summary>Parameters of the cmdlets that cut the power: the volume, and what its device does then.</summary>
public abstract class DeviceModelCmdlet : VolumeCmdlet
{
    /// <summary>What is written whole or not at all, in bytes.</summary>
    [Parameter]
    [Size]
    public long AtomicUnit { get; set; } = 4096;

    /// <summary>What a flush covers; by default what the volume was mounted with.</summary>
    [Parameter]
    public BarrierMode? Barrier { get; set; }

    /// <summary>The device model that the parameters say.</summary>
    protected DeviceModel Model() =>
        new((int)Math.Clamp(AtomicUnit, 0, int.MaxValue), Barrier ?? Volume.Options.Barrier, Volume.Device.Traits.HasVolatileCache);
}
