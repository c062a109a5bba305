namespace ExtShell.Engine.Devices;

/// <summary>What the device says of itself. <c>default</c> is a device without a cache; <c>new()</c> is one with.</summary>
/// <param name="HasVolatileCache">Completed writes may be lost until a flush: the engine must send flushes.</param>
/// <param name="HasFua">A write can be made durable by itself (force unit access).</param>
public readonly record struct DeviceTraits(bool HasVolatileCache, bool HasFua = false)
{
    /// <summary>A device with a volatile cache and without FUA.</summary>
    public DeviceTraits()
        : this(HasVolatileCache: true)
    {
    }
}
