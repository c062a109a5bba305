using ExtShell.Engine.Inodes;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO.Steps;

/// <summary>
/// The completed I/O of one inode: a list under a spin lock (what does not wait), and the counts of what is submitted and not converted
/// yet. It is its own item on the worker's queue.
/// </summary>
/// <remarks>
/// (1) The worker is queued when the list was empty: so it is queued, or somebody else has taken what was there.
/// (2) The counts go up before the I/O is submitted and down when it is converted or has failed: they know of what is in flight, listed,
/// and taken off the list.
/// (3) Who waits for a count wakes for new items too, and drains them: he may be the worker.
/// </remarks>
internal sealed class CompletedIoList : IWorkItem, IFootprint
{
    private readonly Inode _inode;
    private readonly Machine _machine;
    private readonly Func<CompletedIoList, ValueTask> _work;
    private readonly WaitCondition _pagesChanged;
    private readonly WaitCondition _changed;
    private List<CompletedIo> _listed = [];
    private int _pagesCount;
    private int _directCount;
    private int _lastFailure;

    public CompletedIoList(Machine machine, Inode inode, Func<CompletedIoList, ValueTask> work)
    {
        (_machine, _inode, _work) = (machine, inode, work);
        _pagesChanged = new WaitCondition(machine, WaitKind.DataIo, $"conversion of what was written back of inode {inode.Number}",
            () => _listed.Count > 0 || _pagesCount == 0, this);
        _changed = new WaitCondition(machine, WaitKind.DataIo, $"conversions of inode {inode.Number}",
            () => _listed.Count > 0 || _pagesCount + _directCount == 0, this);
        TakenText = $"(A) all that is listed of inode {inode.Number} is taken off its list";
        ConvertedText = $"(B) all that was taken of inode {inode.Number} is converted";
    }

    /// <inheritdoc/>
    public long FootprintKey => _inode.Number;

    /// <summary>The file.</summary>
    public Inode Inode => _inode;

    /// <summary>Whether nothing is listed.</summary>
    public bool IsEmpty
    {
        get
        {
            _machine.Touch(this, AccessKind.Read);
            return _listed.Count == 0;
        }
    }

    /// <summary>Where its taker stops after A.</summary>
    public string TakenText { get; }

    /// <summary>Where its taker stops after B.</summary>
    public string ConvertedText { get; }

    /// <summary>How often in a row the worker could not have the inode lock.</summary>
    public int LockLossesCount { get; set; }

    /// <summary>Whether a conversion failed since an fsync last told of the inode's errors.</summary>
    public bool HasUntoldFailure => _inode.ReportedWriteErrors < _lastFailure;

    /// <summary>A conversion failed: each open file is told of it by its next fsync.</summary>
    /// <param name="error">How.</param>
    /// <param name="isTold">Whether the write's acknowledgement tells of it too.</param>
    public void NoteFailure(Errno error, bool isTold)
    {
        _inode.NoteWriteError(error, isTold);
        _lastFailure = _inode.WriteErrorsCount;
    }

    /// <inheritdoc/>
    public ValueTask RunAsync() => _work(this);

    /// <summary>A direct write is about to be submitted to unwritten blocks. (2)</summary>
    public void CountDirect(int change) => Count(ref _directCount, change);

    /// <summary>A write-back is about to be submitted to unwritten blocks, or is converted. (2)</summary>
    public void CountPages(int change) => Count(ref _pagesCount, change);

    /// <summary>Lists an item.</summary>
    /// <returns>Whether the list was empty: the worker must be queued then. (1)</returns>
    public bool Add(CompletedIo item)
    {
        _machine.Touch(this, AccessKind.Write);
        _listed.Add(item);
        return _listed.Count == 1;
    }

    /// <summary>Takes all that is listed.</summary>
    /// <param name="into">Where it goes: an empty list, which becomes the inode's.</param>
    /// <returns>What was listed.</returns>
    public List<CompletedIo> TakeAll(List<CompletedIo> into)
    {
        _machine.Touch(this, AccessKind.Write);
        List<CompletedIo> taken = _listed;
        _listed = into;
        return taken;
    }

    /// <summary>Whether nothing of it is unconverted: of its pages only, or of all.</summary>
    public bool IsConverted(bool pagesOnly)
    {
        _machine.Touch(this, AccessKind.Read);
        return _pagesCount == 0 && (pagesOnly || _directCount == 0);
    }

    /// <summary>Waits until something is listed, or nothing is unconverted. (3)</summary>
    public Wait ChangedAsync(bool pagesOnly) => (pagesOnly ? _pagesChanged : _changed).WaitAsync();

    private void Count(ref int count, int change)
    {
        _machine.Touch(this, AccessKind.Write);
        count += change;
        InvariantException.Require(count >= 0, "what is converted was counted when it was submitted");
    }
}
