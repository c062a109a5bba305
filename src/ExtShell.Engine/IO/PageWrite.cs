using System.Buffers;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>
/// One run of cached blocks on its way to the device. Its pages stay in write-back until the run is reachable: converted, and below the
/// disk size.
/// Objects are used again.
/// </summary>
public sealed class PageWrite : IBioEnd, IWorkItem
{
    private readonly WriteBack _writeBack;
    private readonly List<Bio> _bios = [];
    private byte[] _bytes = [];
    private int _usedBios;
    private int _outstanding;

    internal PageWrite(WriteBack writeBack) => _writeBack = writeBack;

    /// <summary>The file.</summary>
    public Inode Inode { get; private set; } = null!;

    /// <summary>Where in the file, in bytes.</summary>
    public long OffsetBytes { get; private set; }

    /// <summary>How long, in bytes: whole blocks.</summary>
    public int LengthBytes { get; private set; }

    /// <summary>The byte of the file behind it.</summary>
    public long EndBytes => OffsetBytes + LengthBytes;

    /// <summary>Whether its blocks must be converted when the data is on the device.</summary>
    public bool NeedsConversion { get; private set; }

    /// <summary>How it failed, if it did.</summary>
    public Errno Error { get; private set; }

    /// <summary>Whether its pages' write-back has ended.</summary>
    public bool ArePagesEnded { get; private set; }

    internal void Begin(Inode inode, long offsetBytes, int lengthBytes, bool needsConversion)
    {
        (Inode, OffsetBytes, LengthBytes, NeedsConversion) = (inode, offsetBytes, lengthBytes, needsConversion);
        _bytes = ArrayPool<byte>.Shared.Rent(lengthBytes);
        (_usedBios, _outstanding, Error, ArePagesEnded) = (0, 1, Errno.None, false);
    }

    /// <summary>The bytes that go out, once they were taken from the pages.</summary>
    internal Memory<byte> Bytes => _bytes.AsMemory(0, LengthBytes);

    internal Bio NextBio(Machine machine)
    {
        if (_usedBios == _bios.Count)
            _bios.Add(new Bio(machine) { End = this, IsDataStable = true });
        _outstanding++;
        return _bios[_usedBios++];
    }

    internal void EndSubmission() => CountDown();

    /// <summary>Ends its pages' write-back, once: they are clean, or failed.</summary>
    public void EndPages()
    {
        if (ArePagesEnded)
            return;
        ArePagesEnded = true;
        if (Error != Errno.None)
            Inode.NoteWriteError(Error);
        Inode.Pages.EndWriteback(OffsetBytes, LengthBytes, Error);
    }

    /// <inheritdoc/>
    public void EndIo(Bio bio)
    {
        if (Error == Errno.None)
            Error = bio.Error;
        CountDown();
    }

    /// <inheritdoc/>
    public ValueTask RunAsync() => _writeBack.FinishAsync(this);

    /// <summary>Gives the buffer back.</summary>
    internal void Clear()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        (_bytes, Inode) = ([], null!);
    }

    internal void Fail(Errno error) => Error = error;

    /// <summary>Its blocks were converted, or cannot be: nothing is left of that.</summary>
    internal void EndConversion() => NeedsConversion = false;

    private void CountDown()
    {
        if (--_outstanding == 0)
            _writeBack.DataDone(this);
    }
}
