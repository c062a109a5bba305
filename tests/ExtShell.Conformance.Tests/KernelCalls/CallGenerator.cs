using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;

namespace ExtShell.Conformance.Tests.KernelCalls;

/// <summary>
/// Writes lists of calls, a function of their seed. Many of them fail: files that are not there, ranges past the end, lengths that are not
/// aligned, handles that are closed or read-only. Every third seed has calls on attributes as well. Direct writes are aligned: where they
/// are not, the kernel allocates before it refuses. Writes in flight do not overlap, and are waited for before what could see half of them;
/// what must wait for them by itself (truncate, fallocate) and what must not care (fsync, close, names) runs among them.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="blockSizeBytes">The volume's.</param>
internal sealed class CallGenerator(int seed, int blockSizeBytes)
{
    private const int SlotCount = 8;
    private static readonly string[] Names = ["/a", "/b", "/c", "/d", "/e/a", "/e/b", "/e", "/f", "/none/a", "/a/b"];
    private readonly Random _random = new(seed);
    private readonly List<VolumeCall> _inFlight = [];
    private int _nextTag;
    private AttributeCalls _attributes = null!;

    public List<VolumeCall> Make(int count)
    {
        _attributes = new AttributeCalls(_random, Name);
        var calls = new List<VolumeCall> { new(CallKind.Mkdir) { Path = "/e" } };
        for (int slot = 0; slot < SlotCount; slot++)
            calls.Add(new VolumeCall(CallKind.Open) { Slot = slot, Path = Names[slot % 6], Options = OpenOptions.Create });
        while (calls.Count < count)
        {
            VolumeCall call = One();
            if (MustFindNothingInFlight(call))
                WaitForAll(calls);
            if (call.Kind == CallKind.Start)
                _inFlight.Add(call);
            calls.Add(call);
        }

        WaitForAll(calls);
        return calls;
    }

    private bool MustFindNothingInFlight(VolumeCall call) => call.Kind switch
    {
        CallKind.Start => _inFlight.Exists(other => other.Offset < call.Offset + call.Length && call.Offset < other.Offset + other.Length),
        CallKind.Read or CallKind.Write => true,
        _ => _random.Next(4) == 0,
    };

    private void WaitForAll(List<VolumeCall> calls)
    {
        foreach (VolumeCall started in _inFlight)
            calls.Add(new(CallKind.Wait) { Slot = started.Slot, Tag = started.Tag });
        _inFlight.Clear();
    }

    private VolumeCall One()
    {
        if (seed % 3 == 0 && _random.Next(2) == 0)
            return _attributes.One();
        int slot = _random.Next(SlotCount);
        switch (_random.Next(35))
        {
            case 0 or 1:
                return new(CallKind.Open) { Slot = slot, Path = Name(), Options = Options() };
            case 2:
                return new(CallKind.Close) { Slot = slot };
            case 3 or 4 or 5 or 6 or 7 or 8:
                return Write(CallKind.Write, slot, _random.Next(2) == 0);
            case 30 or 31 or 32 or 33:
                return Write(CallKind.Start, slot, isDirect: true) with { Tag = _nextTag++ };
            case 9 or 10 or 11:
                bool readsDirect = _random.Next(2) == 0;
                return Ranged(new(CallKind.Read) { Slot = slot, IsDirect = readsDirect }, readsDirect ? 512 : 1);
            case 12 or 13 or 14:
                return Ranged(new(CallKind.Fallocate) { Slot = slot, KeepSize = _random.Next(2) == 0 }, 1);
            case 15 or 16 or 17:
                return Ranged(new(CallKind.Fallocate) { Slot = slot, Mode = FallocateMode.PunchHole, KeepSize = true }, 1);
            case 18 or 19:
                return Ranged(new(CallKind.Fallocate) { Slot = slot, Mode = FallocateMode.ZeroRange, KeepSize = _random.Next(2) == 0 }, 1);
            case 20 or 21:
                var mode = _random.Next(2) == 0 ? FallocateMode.CollapseRange : FallocateMode.InsertRange;
                return Ranged(new(CallKind.Fallocate) { Slot = slot, Mode = mode }, _random.Next(10) == 0 ? 1 : blockSizeBytes);
            case 22 or 23:
                return new(CallKind.Truncate) { Slot = slot, Length = _random.Next(20) == 0 ? -1 : Offset(1) };
            case 24 or 34:
                CallKind sync = _random.Next(5) switch { 0 => CallKind.SyncVolume, 1 or 2 => CallKind.DataSync, _ => CallKind.Sync };
                return new(sync) { Slot = slot };
            case 25:
                return new(CallKind.Link) { Path = Name(), NewPath = Name() };
            case 26:
                return new(CallKind.Unlink) { Path = Name() };
            case 27:
                return new(CallKind.Rename) { Path = Name(), NewPath = Name(), NoReplace = _random.Next(4) == 0 };
            case 28:
                return new(_random.Next(2) == 0 ? CallKind.Mkdir : CallKind.Rmdir) { Path = _random.Next(2) == 0 ? "/g" : Name() };
            default:
                return new(CallKind.Stat) { Path = Name() };
        }
    }

    private string Name() => Names[_random.Next(Names.Length)];

    private OpenOptions Options()
    {
        OpenOptions options = _random.Next(4) == 0 ? OpenOptions.ReadOnly : OpenOptions.None;
        options |= _random.Next(2) == 0 ? OpenOptions.Create : OpenOptions.None;
        options |= _random.Next(8) == 0 && (options & OpenOptions.Create) != 0 ? OpenOptions.Exclusive : OpenOptions.None;
        options |= _random.Next(4) == 0 ? OpenOptions.Append : OpenOptions.None;
        options |= _random.Next(10) switch { 0 => OpenOptions.Sync, 1 => OpenOptions.DataSync, _ => OpenOptions.None };
        return options | (_random.Next(8) == 0 && (options & OpenOptions.ReadOnly) == 0 ? OpenOptions.Truncate : OpenOptions.None);
    }

    private VolumeCall Write(CallKind kind, int slot, bool isDirect) => Ranged(
        new(kind)
        {
            Slot = slot,
            IsDirect = isDirect,
            IsNoWait = _random.Next(isDirect ? 5 : 12) == 0,
            Sync = _random.Next(8) switch { 0 => SyncKind.Sync, 1 => SyncKind.DataSync, _ => SyncKind.None },
            Pattern = _random.Next(),
        },
        isDirect ? 512 : 1);

    private VolumeCall Ranged(VolumeCall call, int granule)
    {
        long length = _random.Next(4) switch
        {
            0 => 1 + _random.Next(600),
            1 => 4096,
            2 => 1 + _random.Next(9000),
            _ => 1 + _random.Next(40_000),
        };
        bool mayBeOdd = call.Kind is not (CallKind.Write or CallKind.Start) || !call.IsDirect;
        if (granule > 1 && (!mayBeOdd || _random.Next(15) != 0))
            length = (length + granule - 1) / granule * granule;
        int odd = _random.Next(60);
        return call with
        {
            Offset = odd == 0 ? -1 : Offset(mayBeOdd && _random.Next(15) == 0 ? 1 : granule),
            Length = odd == 1 && call.Kind == CallKind.Fallocate ? 0 : length,
        };
    }

    private long Offset(int granule)
    {
        long offset = _random.Next(3) switch { 0 => _random.Next(5) * 4096L, 1 => _random.Next(20_000), _ => _random.Next(100_000) };
        if (_random.Next(80) == 0)
            offset = (1L << 44) - 4096 - _random.Next(3);
        return offset / granule * granule;
    }
}
