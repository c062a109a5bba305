namespace ExtShell.Engine.Devices;

/// <summary>What the device says of itself.</summary>
/// <param name="HasVolatileCache">Completed writes may be lost until a flush: the engine must send flushes.</param>
/// <param name="HasFua">A write can be made durable by itself (force unit access).</param>
public readonly record struct DeviceTraits(bool HasVolatileCache = true, bool HasFua = false);
