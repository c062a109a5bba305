using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Journal;

/// <summary>
/// The journal's way to the device, which knows what its options and the device's traits make of "durable". One of its waits is in flight
/// at a time for each of its owners: the commit thread has one, checkpoints have another.
/// </summary>
internal sealed class JournalDevice
{
    private readonly Bio _bio;
    private readonly bool _usesFua;
    private readonly WaitCondition? _drained;
    private int _drainUpToId;

    public JournalDevice(Machine machine, IBlockDevice device, JournalOptions options)
    {
        Device = device;
        _bio = new Bio(machine);
        SendsBarriers = options.SendsBarriers && device.Traits.HasVolatileCache;
        _usesFua = options.UsesFua && device.Traits.HasFua;
        if (options.DrainsBeforeFlush)
            _drained = new WaitCondition(machine, WaitKind.DataIo, "the device's queue to drain", HasDrained, SharedState.DeviceOrder);
    }

    public IBlockDevice Device { get; }

    public bool SendsBarriers { get; }

    /// <summary>Makes durable what has completed, if that takes anything.</summary>
    public async ValueTask<Errno> FlushAsync()
    {
        if (!SendsBarriers)
            return Errno.None;
        if (_drained is not null)
        {
            _drainUpToId = NewestPendingId();
            await _drained.WaitAsync();
        }

        Device.Submit(_bio.SetFlush());
        await _bio.WaitAsync();
        return _bio.Error;
    }

    /// <summary>Writes a record of the journal.</summary>
    /// <param name="offsetBytes">Where.</param>
    /// <param name="data">What; not changed until this returns.</param>
    /// <param name="isDurable">Whether it is to be durable when this returns: by FUA, or by a flush behind it.</param>
    public async ValueTask<Errno> WriteAsync(long offsetBytes, Memory<byte> data, bool isDurable)
    {
        bool usesFua = isDurable && SendsBarriers && _usesFua;
        _bio.IsDataStable = true;
        Device.Submit(_bio.SetWrite(offsetBytes, data, new Provenance(ProvenanceKind.Journal), usesFua));
        await _bio.WaitAsync();
        return _bio.Error != Errno.None || !isDurable || usesFua ? _bio.Error : await FlushAsync();
    }

    private bool HasDrained()
    {
        for (int i = 0; i < Device.PendingCount; i++)
        {
            if (Device.PendingId(i) <= _drainUpToId)
                return false;
        }

        return true;
    }

    private int NewestPendingId()
    {
        int newest = -1;
        for (int i = 0; i < Device.PendingCount; i++)
            newest = Math.Max(newest, Device.PendingId(i));
        return newest;
    }
}
