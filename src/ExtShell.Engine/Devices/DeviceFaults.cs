using ExtShell.Format.Errors;

namespace ExtShell.Engine.Devices;

/// <summary>Failures of one device, counted as they are met. <see cref="Decide"/> is a <see cref="IRecordedDevice.FaultPlan"/>.</summary>
public sealed class DeviceFaults
{
    private readonly List<Armed> _armed = [];

    /// <summary>Adds a failure; those that were added before come first.</summary>
    public void Add(DeviceFault fault) => _armed.Add(new Armed(fault));

    /// <summary>How a bio ends.</summary>
    public Errno Decide(Bio bio)
    {
        foreach (Armed armed in _armed)
        {
            if (armed.Fault.Fits(bio) && armed.Fails())
                return armed.Fault.Error;
        }

        return Errno.None;
    }

    private sealed class Armed(DeviceFault fault)
    {
        private int _met;

        public DeviceFault Fault => fault;

        public bool Fails()
        {
            int index = _met++ - fault.After;
            return index >= 0 && (fault.Times == 0 || index < fault.Times);
        }
    }
}
