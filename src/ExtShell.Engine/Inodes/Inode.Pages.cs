using ExtShell.Engine.Caching;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;

namespace ExtShell.Engine.Inodes;

/// <content>What the page cache keeps of the file.</content>
public sealed partial class Inode
{
    private PageCache? _pages;
    private OrderedFileData? _ordered;

    /// <summary>Blocks that delayed allocation reserved for its dirty pages over holes; see <see cref="Reservations"/>.</summary>
    public int ReservedBlocks
    {
        get
        {
            Touch(InodePart.Record, AccessKind.Read);
            return field;
        }
        set
        {
            Touch(InodePart.Record, AccessKind.Write);
            field = value;
        }
    }

    /// <summary>Its pages. Made when they are first asked for.</summary>
    public PageCache Pages
    {
        get
        {
            if (_pages is null)
            {
                Touch(InodePart.Pages, AccessKind.Write);
                _pages = new PageCache(_context.Machine, _context.Geometry.BlockSizeBytes) { FootprintKey = Number };
            }

            _pages.Touch();
            return _pages;
        }
    }

    /// <summary>Whether it has pages at all.</summary>
    public bool HasPages
    {
        get
        {
            TouchPages();
            return _pages is { IsEmpty: false };
        }
    }

    /// <summary>Whether it has pages that are newer than the device, or on their way there.</summary>
    public bool HasDirtyPages
    {
        get
        {
            TouchPages();
            return _pages is { DirtyPageCount: > 0 } or { WritebackPageCount: > 0 };
        }
    }

    /// <summary>
    /// Its data as a commit of the ordered mode wants it: what is dirty in written blocks goes out before the commit record.
    /// </summary>
    public IOrderedData OrderedData =>
        _ordered ??= new OrderedFileData(this, _context.Buffers.Device, _context.Machine, _context.Geometry.BlockSizeBytes);

    private void TouchPages()
    {
        Touch(InodePart.Pages, AccessKind.Read);
        if (_pages is not null)
            _context.Machine.Touch(_pages, AccessKind.Read);
    }
}
