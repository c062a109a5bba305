using System.Collections;
using System.IO.MemoryMappedFiles;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Devices;

/// <summary>
/// An image file, mapped into memory: reading costs no copy. A snapshot keeps the old content of each 4 KiB page that the file overwrites
/// later, and nothing else.
/// </summary>
/// <remarks>
/// (1) Before a page of the file changes, the newest snapshot holds its content; older ones read through it.
/// (2) A file that was made here is known to be zero where nobody wrote; zeroing it there touches nothing, so that it stays sparse.
/// (3) One file has one writer in this process: two mounts would each write what the other does not know of. Nor is a file replaced
/// while it is open, as that would take its pages from under the mapping. Readers beside a writer see what is there.
/// </remarks>
public sealed unsafe class ImageFile : IStorage, IDisposable
{
    private const int PageSizeBytes = PagedMemory.PageSizeBytes;
    private const int RegionSizeBytes = 1 << 21;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _bytes;
    private readonly BitArray? _writtenRegions;
    private FrozenFile? _newest;
    private readonly ImageClaim _claim;
    private bool _isDisposed;

    private ImageFile(string path, MemoryMappedFile file, long lengthBytes, bool isReadOnly, bool isNew, ImageClaim claim)
    {
        Path = path;
        _claim = claim;
        LengthBytes = lengthBytes;
        IsReadOnly = isReadOnly;
        _file = file;
        _view = file.CreateViewAccessor(0, lengthBytes, isReadOnly ? MemoryMappedFileAccess.Read : MemoryMappedFileAccess.ReadWrite);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
        _bytes += _view.PointerOffset;
        if (isNew)
            _writtenRegions = new BitArray(checked((int)((lengthBytes + RegionSizeBytes - 1) / RegionSizeBytes)));
    }

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public long LengthBytes { get; }

    /// <summary>Whether the file was opened for reading only.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Makes a sparse file of that length; an existing one is replaced.</summary>
    /// <exception cref="FileSystemException">EBUSY: the file is open as an image.</exception>
    /// <exception cref="IOException">The host refuses the path or the length.</exception>
    public static ImageFile Create(string path, long lengthBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(lengthBytes);
        using (ImageClaim.ToReplace(path))
        {
            using var stream = new FileStream(path, FileMode.Create, FileAccess.ReadWrite);
            stream.SetLength(lengthBytes);
        }

        return Open(path, isReadOnly: false, isNew: true);
    }

    /// <summary>Opens an image.</summary>
    /// <exception cref="FileSystemException">ENOENT: no such file; EISDIR: it is a directory; EINVAL: it is empty; EBUSY: it is open for
    /// writing already.</exception>
    /// <exception cref="IOException">The host refuses.</exception>
    public static ImageFile Open(string path, bool isReadOnly = false) => Open(path, isReadOnly, isNew: false);

    private static ImageFile Open(string path, bool isReadOnly, bool isNew)
    {
        var info = new FileInfo(path);
        if (Directory.Exists(path))
            throw new FileSystemException(Errno.EISDIR, $"open image {path}", "it is a directory");
        if (!info.Exists)
            throw new FileSystemException(Errno.ENOENT, $"open image {path}", "no such file");
        if (info.Length == 0)
            throw new FileSystemException(Errno.EINVAL, $"open image {path}", "the file is empty");
        ImageClaim claim = isReadOnly ? ImageClaim.ToRead(path) : ImageClaim.ToWrite(path);
        try
        {
            FileAccess access = isReadOnly ? FileAccess.Read : FileAccess.ReadWrite;
            var stream = new FileStream(path, FileMode.Open, access, FileShare.ReadWrite);
            MemoryMappedFile file = MemoryMappedFile.CreateFromFile(
                stream, null, 0, isReadOnly ? MemoryMappedFileAccess.Read : MemoryMappedFileAccess.ReadWrite, HandleInheritability.None,
                leaveOpen: false);
            return new ImageFile(path, file, info.Length, isReadOnly, isNew, claim);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            claim.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Says who uses the file, who may have done with it before it is closed: from then on others may write or replace it. (3)
    /// </summary>
    /// <param name="isUsed">Whether it is used still; asked when somebody else wants it.</param>
    public void HoldWhile(Func<bool> isUsed) => _claim.HoldWhile(isUsed);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Read(long offsetBytes, int lengthBytes)
    {
        RequireRange(offsetBytes, lengthBytes);
        return new ReadOnlySpan<byte>(_bytes + offsetBytes, lengthBytes);
    }

    /// <inheritdoc/>
    public void Read(long offsetBytes, Span<byte> into) => Read(offsetBytes, into.Length).CopyTo(into);

    /// <inheritdoc/>
    public void Write(long offsetBytes, ReadOnlySpan<byte> bytes)
    {
        BeforeChange(offsetBytes, bytes.Length);
        if (_writtenRegions is not null)
            NoteWritten(_writtenRegions, offsetBytes, bytes.Length);
        bytes.CopyTo(new Span<byte>(_bytes + offsetBytes, bytes.Length));
    }

    /// <inheritdoc/>
    public void WriteZeroes(long offsetBytes, long lengthBytes)
    {
        BeforeChange(offsetBytes, lengthBytes);
        while (lengthBytes > 0)
        {
            int part = (int)Math.Min(lengthBytes, RegionSizeBytes - (offsetBytes % RegionSizeBytes));
            if (_writtenRegions is null || _writtenRegions[(int)(offsetBytes / RegionSizeBytes)]) // (2)
                ClearWhatIsNotZero(new Span<byte>(_bytes + offsetBytes, part));
            offsetBytes += part;
            lengthBytes -= part;
        }
    }

    /// <inheritdoc/>
    public IStorage Snapshot()
    {
        var frozen = new FrozenFile(this);
        if (_newest is not null)
            _newest.Newer = frozen;
        _newest = frozen;
        return new OverlayStorage(frozen);
    }

    /// <summary>Closes the file; the mapping's bytes reach it.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!IsReadOnly)
            _view.Flush();
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        _claim.Dispose();
    }

    /// <summary>Leaves pages that are zero already untouched, so that a sparse file stays sparse.</summary>
    private static void ClearWhatIsNotZero(Span<byte> bytes)
    {
        for (; bytes.Length > 0; bytes = bytes[Math.Min(PageSizeBytes, bytes.Length)..])
        {
            Span<byte> page = bytes[..Math.Min(PageSizeBytes, bytes.Length)];
            if (page.ContainsAnyExcept((byte)0))
                page.Clear();
        }
    }

    private static void NoteWritten(BitArray regions, long offsetBytes, int lengthBytes)
    {
        for (long region = offsetBytes / RegionSizeBytes; region * RegionSizeBytes < offsetBytes + lengthBytes; region++)
            regions[(int)region] = true;
    }

    private void BeforeChange(long offsetBytes, long lengthBytes)
    {
        RequireRange(offsetBytes, lengthBytes);
        if (IsReadOnly)
            throw new FileSystemException(Errno.EROFS, $"write to {Path}", "the image was opened for reading only");
        if (_newest is null || lengthBytes == 0)
            return;
        for (long page = offsetBytes / PageSizeBytes; page <= (offsetBytes + lengthBytes - 1) / PageSizeBytes; page++)
            _newest.Keep(page); // (1)
    }

    private void RequireRange(long offsetBytes, long lengthBytes)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (offsetBytes < 0 || lengthBytes < 0 || offsetBytes > LengthBytes - lengthBytes)
            throw new ArgumentOutOfRangeException(
                nameof(offsetBytes), $"bytes {offsetBytes} to {offsetBytes + lengthBytes} leave the image of {LengthBytes}");
    }

    /// <summary>What the file held at one time.</summary>
    private sealed class FrozenFile(ImageFile file) : IFrozenPages
    {
        private readonly Dictionary<long, byte[]> _pages = [];

        public FrozenFile? Newer { get; set; }

        public long LengthBytes => file.LengthBytes;

        public ReadOnlySpan<byte> ReadInPage(long page, int within, int lengthBytes)
        {
            for (FrozenFile? frozen = this; frozen is not null; frozen = frozen.Newer)
            {
                if (frozen._pages.TryGetValue(page, out byte[]? kept))
                    return kept.AsSpan(within, lengthBytes);
            }

            return file.Read((page * PageSizeBytes) + within, lengthBytes);
        }

        public void Keep(long page)
        {
            if (_pages.ContainsKey(page))
                return;
            int length = (int)Math.Min(PageSizeBytes, LengthBytes - (page * PageSizeBytes));
            var kept = new byte[PageSizeBytes];
            file.Read(page * PageSizeBytes, length).CopyTo(kept);
            _pages.Add(page, kept);
        }
    }
}
