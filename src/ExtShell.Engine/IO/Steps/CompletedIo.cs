using ExtShell.Engine.Inodes;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// One I/O into unwritten blocks whose data is on the device, or failed: a direct write that nobody waits for, or a write-back of pages. It
/// holds a reference of its inode.
/// </summary>
internal sealed class CompletedIo
{
    private DirectWrite? _direct;
    private PageWrite? _pages;
    private SimulatedThread? _owner;

    /// <summary>The file.</summary>
    public Inode Inode { get; private set; } = null!;

    /// <summary>Whether it is a write-back of pages.</summary>
    public bool IsPages => _pages is not null;

    /// <summary>The flag that says that a conversion is owed.</summary>
    public bool IsUnwritten { get; private set; }

    /// <summary>How its data ended.</summary>
    public Errno Error => _direct?.Error ?? _pages!.Error;

    /// <summary>How its conversion failed, if it did.</summary>
    public Errno ConversionError { get; private set; }

    /// <summary>It is a direct write.</summary>
    public CompletedIo Begin(DirectWrite write)
    {
        (_direct, _pages, Inode, IsUnwritten, ConversionError) = (write, null, write.Inode, true, Errno.None);
        return this;
    }

    /// <summary>It is a write-back of pages.</summary>
    public CompletedIo Begin(PageWrite write)
    {
        (_direct, _pages, Inode, IsUnwritten, ConversionError) = (null, write, write.Inode, true, Errno.None);
        return this;
    }

    /// <summary>It is taken off the list.</summary>
    public void GiveTo(SimulatedThread? taker)
    {
        InvariantException.Require(_owner is null, "what is taken off a list is nobody's yet");
        _owner = taker;
    }

    /// <summary>Who works on it is who has taken it.</summary>
    public void RequireOwner(SimulatedThread? thread) =>
        InvariantException.Require(_owner == thread, "what was taken off a list is its taker's alone");

    /// <summary>Converts its blocks, and raises the disk size over what write-back had brought.</summary>
    /// <exception cref="FileSystemException">It failed.</exception>
    /// <exception cref="CorruptionException">The map is damaged.</exception>
    public ValueTask ConvertAsync(IoContext io) => _direct is not null
        ? UnwrittenConversion.ConvertAsync(io, Inode, _direct.OffsetBytes, _direct.LengthBytes)
        : UnwrittenConversion.ConvertAsync(io, Inode, _pages!.OffsetBytes, _pages.LengthBytes, DiskSizeRaise.ToSize);

    /// <summary>The conversion failed.</summary>
    public void Fail(Errno error)
    {
        ConversionError = error;
        _direct?.Fail(error);
        _pages?.Fail(error);
    }

    /// <summary>The conversion failed: what pages still hold of it is to be written back once more.</summary>
    public void MakeDirtyAgain()
    {
        if (_pages is not null)
            Inode.Pages.MakeDirtyAgain(_pages.OffsetBytes, _pages.LengthBytes);
    }

    /// <summary>No conversion is owed any more.</summary>
    public void ClearFlag()
    {
        IsUnwritten = false;
        _pages?.EndConversion();
    }

    /// <summary>What follows the conversion: the write is counted out and acknowledged, or the write-back is over.</summary>
    public ValueTask CompleteAsync()
    {
        InvariantException.Require(!IsUnwritten, "what is freed owes no conversion");
        _owner = null;
        return _direct is not null ? _direct.RunAsync() : _pages!.RunAsync();
    }
}
