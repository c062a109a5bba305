using ExtShell.Engine.Kernel;
using ExtShell.Format.Sources;

namespace ExtShell.Engine.Devices;

/// <summary>
/// A block device. A write is submitted, then ends; of overlapping writes in flight together either may be the one that stays; a flush
/// makes durable what had ended when it was submitted; FUA makes its own write durable. What readers see is what ended last.
/// </summary>
public interface IBlockDevice : IInterruptSource
{
    /// <summary>The device's length in bytes.</summary>
    long LengthBytes { get; }

    /// <summary>The alignment of what is read and written, in bytes: 512 or 4096.</summary>
    int SectorSizeBytes { get; }

    /// <summary>What the device says of itself.</summary>
    DeviceTraits Traits { get; }

    /// <summary>
    /// What a read returns now, without waiting: metadata is read through it. Recovery and mount may write through it where it is an
    /// <see cref="IRecoverySource"/>; such a write ends at once.
    /// </summary>
    IByteSource Content { get; }

    /// <summary>Puts a bio in flight.</summary>
    void Submit(Bio bio);

    /// <summary>Ends a bio of this device out of turn; false if it is not in flight here.</summary>
    bool TryFire(Bio bio);
}
