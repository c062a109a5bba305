using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Crash;

/// <summary>
/// What the device does with writes when the power fails. Barriers ignored, caches absent and torn units are parameters here, not code
/// paths of the engine.
/// </summary>
/// <param name="AtomicUnitBytes">What is written whole or not at all, in bytes: a power of two from 64, such as a line of persistent
/// memory, a sector or the file-system block.</param>
/// <param name="Barrier">Flush: a flush makes durable what had ended when it was submitted; Drain: also what was queued then; Ignored:
/// nothing is ever made durable.</param>
/// <param name="HasVolatileCache">False: a write is durable when it ends, a store when its line is flushed.</param>
public sealed record DeviceModel(int AtomicUnitBytes = 4096, BarrierMode Barrier = BarrierMode.Flush, bool HasVolatileCache = true)
{
    /// <summary>What is written whole or not at all, in bytes: a power of two from 64.</summary>
    /// <exception cref="FileSystemException">EINVAL: no device has such a unit.</exception>
    public int AtomicUnitBytes { get; init => field = RequireUnit(value); } = RequireUnit(AtomicUnitBytes);

    /// <summary>What the model leaves out, in a line for reports.</summary>
    public string Omits =>
        "Not modelled: bit rot, misdirected writes, reads that change, and damage to units that no write in flight touched.";

    private static int RequireUnit(int unitBytes) => unitBytes >= 64 && int.IsPow2(unitBytes)
        ? unitBytes
        : throw new FileSystemException(
            Errno.EINVAL, $"model a device with an atomic unit of {unitBytes} bytes", "a unit is a power of two from 64");
}
