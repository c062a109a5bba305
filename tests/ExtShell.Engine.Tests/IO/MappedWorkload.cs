using ExtShell.Engine.IO;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;

namespace ExtShell.Engine.Tests.IO;

/// <summary>
/// One file, read and written directly, buffered and through two mappings, truncated and synced at random, from a seed; each read is
/// compared with an array of bytes. Stores go past the end of the file too, and must leave no trace there.
/// </summary>
internal sealed class MappedWorkload(int seed, TestVolume host, bool hasExtents = true)
{
    private const int LargestBytes = 60_000;
    private const int PageBytes = 4096;

    private readonly Random _random = new(seed);
    private readonly ModelFile _model = new();
    private readonly FileMapping[] _mappings = new FileMapping[2];
    private FileHandle _file = null!;

    public void Run(int steps)
    {
        _file = host.Volume.Create("/mapped");
        MapAll();
        for (int step = 0; step < steps; step++)
            Step();
        Compare("at the end", 0, _file.ReadBuffered(0, LargestBytes));
        host.Volume.Unmount();
        host.Mount();
        _file = host.Volume.Open("/mapped");
        Compare("after a remount", 0, _file.ReadBuffered(0, LargestBytes));
        Compare("after a remount, direct", 0, _file.ReadDirect(0, 61_440));
    }

    private void MapAll()
    {
        for (int i = 0; i < _mappings.Length; i++)
            _mappings[i] = _file.Map(0, 1 << 16);
    }

    private void Step()
    {
        switch (_random.Next(16))
        {
            case 0 or 1 or 2: Store(); break;
            case 3 or 4: Load(); break;
            case 5: WriteDirect(); break;
            case 6 or 7: WriteBuffered(); break;
            case 8: Compare("read direct", 0, _file.ReadDirect(0, 61_440)); break;
            case 9: Compare("read buffered", 0, _file.ReadBuffered(0, LargestBytes)); break;
            case 10: Truncate(_random.Next(_random.Next(2) == 0 ? LargestBytes : _model.Size + 1)); break;
            case 11: Synchronize(); break;
            case 12 when hasExtents: _file.Fallocate(_random.Next(LargestBytes), 1 + _random.Next(9_000), keepSize: true); break;
            case 13 or 14: ChangeRange(); break;
            default: Store(); break;
        }
    }

    private void ChangeRange()
    {
        int offset = _random.Next(LargestBytes);
        int length = 1 + _random.Next(9_000);
        switch (_random.Next(3))
        {
            case 0:
                _file.Fallocate(offset, length, FallocateMode.PunchHole, keepSize: true);
                _model.Zero(offset, length);
                break;
            case 1 when hasExtents:
                _file.Fallocate(offset, length, FallocateMode.ZeroRange, keepSize: true);
                _model.Zero(offset, length);
                break;
            case 2 when hasExtents && _model.Size > 4 * PageBytes:
                offset = _random.Next((_model.Size / PageBytes) - 2) * PageBytes;
                _file.Fallocate(offset, PageBytes, FallocateMode.CollapseRange);
                _model.Collapse(offset, PageBytes);
                break;
        }
    }

    private FileMapping Mapping => _mappings[_random.Next(_mappings.Length)];

    private int EndOfReach => (_model.Size + PageBytes - 1) & -PageBytes;

    private byte[] NewBytes(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }

    private void Store()
    {
        if (_model.Size == 0)
            return;
        int offset = _random.Next(EndOfReach);
        byte[] bytes = NewBytes(1 + _random.Next(Math.Min(9_000, EndOfReach - offset)));
        Mapping.Write(offset, bytes);
        int inside = Math.Clamp(_model.Size - offset, 0, bytes.Length);
        if (inside > 0)
            _model.Write(offset, bytes.AsSpan(0, inside));
    }

    private void Load()
    {
        if (_model.Size == 0)
            return;
        int offset = _random.Next(_model.Size);
        int length = 1 + _random.Next(_model.Size - offset);
        Compare("load", offset, Mapping.Read(offset, length));
    }

    private void WriteDirect()
    {
        int offset = _random.Next(100) * 512;
        byte[] bytes = NewBytes(512 * (1 + _random.Next(16)));
        Assert.Equal(bytes.Length, _file.WriteDirect(offset, bytes));
        _model.Write(offset, bytes);
    }

    private void WriteBuffered()
    {
        int offset = _random.Next(50_000);
        byte[] bytes = NewBytes(1 + _random.Next(9_000));
        Assert.Equal(bytes.Length, _file.WriteBuffered(offset, bytes));
        _model.Write(offset, bytes);
    }

    private void Truncate(int size)
    {
        _file.Truncate(size);
        _model.Truncate(size);
    }

    private void Synchronize()
    {
        if (_random.Next(2) == 0)
            _file.Sync();
        else
            Mapping.Sync(_random.Next(1 << 15), 1 + _random.Next(1 << 15));
    }

    private void Compare(string what, int offset, byte[] read)
    {
        ReadOnlySpan<byte> expected = _model.Read(offset, read.Length);
        int at = expected.CommonPrefixLength(read);
        Assert.True(at == expected.Length && at == read.Length && (offset > 0 || read.Length >= Math.Min(_model.Size, read.Length)),
            $"seed {seed}, {what}: {read.Length} bytes from {offset}; the first that differs is at {offset + at} of {_model.Size}");
    }
}
