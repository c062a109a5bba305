using ExtShell.Engine.IO;

namespace ExtShell.Lab.Scenarios;

/// <summary>Writes the operations of a small random scenario.</summary>
/// <remarks>
/// (1) The first file, the anchor, is never truncated or unlinked: asynchronous writes inside it stay in flight, since only extending ones
/// are waited for.
/// </remarks>
internal sealed class SmallScenarioWriter(Dice dice, bool isInterrupted, StateTarget target, int unitBytes)
{
    private const long Block = 4096;
    private const string Anchor = "f0";
    private readonly List<Operation> _setup = [];
    private readonly List<Operation> _thread = [];
    private readonly Dictionary<string, long> _sizes = [];
    private int _nextPattern = 1;
    private int _nextName;
    private int _nextIo = 1;

    public Scenario Fill(Scenario scenario)
    {
        WriteSetup();
        int calls = isInterrupted ? dice.Between(0, 3) : dice.Between(1, 4);
        for (int i = 0; i < calls; i++)
            AddCall();
        if (isInterrupted)
            WriteInterruption();
        else if (dice.Percent(50))
            _thread.Add(dice.Percent(50) ? Operation.SyncVolume() : Operation.Fsync(AnyFile(), dice.Percent(40)));
        return scenario with { Setup = _setup, Threads = [_thread] };
    }

    private void WriteSetup()
    {
        int files = dice.Between(1, 3);
        for (int i = 0; i < files; i++)
        {
            string file = AddFile(_setup, "/");
            int blocks = file == Anchor ? dice.Between(2, 6) : dice.Between(0, 4);
            if (blocks > 0)
                _setup.Add(Operation.WriteDirect(file, 0, blocks * Block, NextPattern()));
            _sizes[file] = blocks * Block;
            if (dice.Percent(50))
            {
                int reserved = dice.Between(2, 6);
                bool keepsSize = dice.Percent(50);
                _setup.Add(Operation.Fallocate(file, _sizes[file], reserved * Block, keepsSize));
                if (!keepsSize)
                    _sizes[file] += reserved * Block;
            }
        }

        if (dice.Percent(30))
            _setup.Add(Operation.Mkdir("/d"));
    }

    /// <summary>A transaction that recovery will meet, and writes in flight over it.</summary>
    private void WriteInterruption()
    {
        string file = AnyFile();
        switch (dice.Below(4))
        {
            case 0:
                AddFile(_thread, "/");
                break;
            case 1:
                _thread.Add(Operation.WriteDirect(file, _sizes[file], Block, NextPattern(), SyncKind.DataSync));
                _sizes[file] += Block;
                break;
            case 2:
                _thread.Add(Operation.Fallocate(file, _sizes[file], 2 * Block));
                _sizes[file] += 2 * Block;
                break;
            default:
                if (file == Anchor) // (1)
                    file = AddFile(_thread, "/");
                _thread.Add(Operation.Truncate(file, (_sizes[file] / 2 / 512 * 512) + 512));
                _sizes[file] = _thread[^1].LengthBytes;
                break;
        }

        if (dice.Percent(50))
            AddStart(Anchor, isInside: true);
        _thread.Add(dice.Percent(40) ? Operation.SyncVolume() : Operation.Fsync(file));
        int writes = target.Least >= 4096 ? dice.Between(1, 3) : dice.Between(1, 2);
        for (int i = 0; i < writes; i++)
            AddStart(Anchor, isInside: true);
    }

    private void AddCall()
    {
        string file = AnyFile();
        long size = _sizes[file];
        switch (dice.Below(16))
        {
            case 0 or 1:
                _thread.Add(Operation.WriteDirect(file, AnyOffset(size), AnyLength(), NextPattern(), AnySync()));
                Grow(file, _thread[^1]);
                break;
            case 2 or 3:
                _thread.Add(Operation.WriteDirect(file, size, AnyLength(), NextPattern(), AnySync()));
                Grow(file, _thread[^1]);
                break;
            case 4 or 5:
                AddStart(file, isInside: dice.Percent(75));
                break;
            case 6:
                long offset = AnyOffset(size) + dice.Of([0L, 0L, 100L]);
                _thread.Add(Operation.WriteBuffered(file, offset, dice.Of([100L, Block, Block]), NextPattern(), AnySync()));
                Grow(file, _thread[^1]);
                break;
            case 7:
                _thread.Add(Operation.Fallocate(file, AnyOffset(size), dice.Between(1, 3) * Block, dice.Percent(50)));
                if (!_thread[^1].KeepSize)
                    Grow(file, _thread[^1]);
                break;
            case 8 when file != Anchor: // (1)
                _thread.Add(Operation.Truncate(file, dice.Of([0L, Block, size / 2 / 512 * 512, size + Block])));
                _sizes[file] = _thread[^1].LengthBytes;
                break;
            case 9:
                AddFile(_thread, _setup.Exists(operation => operation.Verb == Verb.Mkdir) && dice.Percent(50) ? "/d/" : "/");
                break;
            case 10:
                bool isLink = file == Anchor || dice.Percent(50); // (1)
                _thread.Add(isLink ? Operation.Link($"/{file}", $"/l{_nextName++}") : Operation.Unlink($"/{file}"));
                break;
            case 11:
                _thread.Add(Operation.Mkdir($"/m{_nextName++}"));
                break;
            case 12:
                bool isBuffered = dice.Percent(50);
                _thread.Add(isBuffered
                    ? Operation.ReadBuffered(file, 0, size + Block)
                    : Operation.ReadDirect(file, 0, (size / Block * Block) + Block));
                break;
            case 13 or 14 when file != Anchor: // (1)
                AddRangeCall(file, size);
                break;
            default:
                _thread.Add(dice.Percent(30) ? Operation.SyncVolume() : Operation.Fsync(file, dice.Percent(40)));
                break;
        }
    }

    private void AddRangeCall(string file, long size)
    {
        long offset = AnyOffset(size);
        long block = offset / Block * Block;
        switch (dice.Below(4))
        {
            case 0:
                _thread.Add(Operation.PunchHole(file, offset, dice.Of([512L, Block, 2 * Block])));
                break;
            case 1:
                _thread.Add(Operation.ZeroRange(file, offset, dice.Of([512L, Block, 2 * Block]), dice.Percent(50)));
                if (!_thread[^1].KeepSize)
                    Grow(file, _thread[^1]);
                break;
            case 2 when block + Block < size:
                _thread.Add(Operation.CollapseRange(file, block, Block));
                _sizes[file] = size - Block;
                break;
            case 3 when block < size:
                _thread.Add(Operation.InsertRange(file, block, Block));
                _sizes[file] = size + Block;
                break;
        }
    }

    private void AddStart(string file, bool isInside)
    {
        long length = unitBytes < Block ? dice.Between(1, target.Least >= 256 ? 8 : 4) * 512L : dice.Between(1, 4) * Block;
        length = Math.Min(length, Math.Max(_sizes[file], 512));
        long offset = isInside ? dice.Below((int)((_sizes[file] - length) / Block) + 1) * Block : _sizes[file];
        string io = FormattableString.Invariant($"io{_nextIo++}");
        _thread.Add(Operation.StartDirect(io, file, Math.Max(offset, 0), length, NextPattern(), AnySync()));
        Grow(file, _thread[^1]);
    }

    private string AddFile(List<Operation> operations, string folder)
    {
        string file = FormattableString.Invariant($"f{_nextName++}");
        operations.Add(Operation.Create(file, folder + file));
        _sizes[file] = 0;
        return file;
    }

    private void Grow(string file, Operation operation) =>
        _sizes[file] = Math.Max(_sizes[file], operation.OffsetBytes + operation.LengthBytes);

    private string AnyFile() => dice.Of([.. _sizes.Keys]);

    private long AnyOffset(long size) => dice.Below((int)(size / Block) + 1) * Block + (dice.Percent(15) ? 512 : 0);

    private long AnyLength() => dice.Of([512L, Block, Block, 2 * Block, 3 * Block]);

    private SyncKind AnySync() => dice.Of([SyncKind.None, SyncKind.None, SyncKind.DataSync, SyncKind.Sync]);

    private Payload NextPattern() => Payload.Pattern(_nextPattern++);
}
