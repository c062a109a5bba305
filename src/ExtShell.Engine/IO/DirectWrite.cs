using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>
/// One direct write from admission to acknowledgement: the request, what the protocol decided of it, and its bios. Objects are used again,
/// so that a write in the steady state allocates nothing.
/// </summary>
/// <remarks>
/// (1) The count of what is outstanding begins at one, for the submitter; so the last bio never completes a write that is still being
/// submitted.
/// (2) Bios end in interrupt context: they count, note the first error, and at zero hand the write to the engine.
/// </remarks>
public sealed class DirectWrite : IBioEnd, IWorkItem, IFootprint
{
    private readonly WriteEngine _engine;
    private readonly List<Bio> _bios = [];
    private readonly WaitCondition _dataDone;
    private int _usedBios;
    private int _outstanding;
    private int _holders;

    internal DirectWrite(WriteEngine engine, Machine machine)
    {
        _engine = engine;
        _dataDone = new WaitCondition(machine, WaitKind.DataIo, "data of a direct write", () => _outstanding == 0, this);
    }

    /// <inheritdoc/>
    public long FootprintKey => Call;

    /// <summary>The file.</summary>
    public Inode Inode { get; private set; } = null!;

    /// <summary>Where in the file, in bytes.</summary>
    public long OffsetBytes { get; private set; }

    /// <summary>What is written.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>How much, in bytes.</summary>
    public int LengthBytes => Bytes.Length;

    /// <summary>The byte behind the last one.</summary>
    public long EndBytes => OffsetBytes + Bytes.Length;

    /// <summary>What it promises.</summary>
    public SyncKind Sync { get; private set; }

    /// <summary>The call that asked for it, for the provenance of its bytes.</summary>
    public int Call { get; private set; }

    /// <summary>Who is told of the acknowledgement of an asynchronous write; null for a synchronous one.</summary>
    public IDirectWriteEnd? End { get; private set; }

    /// <summary>Whether its caller does not wait for it.</summary>
    public bool IsAsynchronous => End is not null;

    /// <summary>Admit: how the inode lock is held.</summary>
    public InodeLockHold Lock { get; set; }

    /// <summary>Admit: whether its end lies beyond the in-memory or the disk size.</summary>
    public bool IsExtending { get; set; }

    /// <summary>Admit: whether it begins or ends inside a block.</summary>
    public bool IsUnaligned { get; set; }

    /// <summary>Admit: whether the submitter waits for the data and finishes it.</summary>
    public bool MustWait { get; set; }

    /// <summary>Admit: whether it put its inode on the orphan list.</summary>
    public bool IsOnOrphanList { get; set; }

    /// <summary>Admit: whether it is one of its inode's extensions that are under way.</summary>
    public bool IsExtension { get; set; }

    /// <summary>Finish: whether its conversion raised the disk size to its end.</summary>
    public bool HasRaisedDiskSize { get; set; }

    /// <summary>Map: whether blocks were unwritten, so that their conversion is needed.</summary>
    public bool NeedsConversion { get; set; }

    /// <summary>Submit: whether all of it so far went out by FUA.</summary>
    public bool IsAllFua { get; set; }

    /// <summary>Whether its place is the end of the file (O_APPEND): the protocol says where that is, by <see cref="MoveTo"/>.</summary>
    public bool IsAppend { get; private set; }

    /// <summary>Whether it fails with EAGAIN rather than wait for a lock or an allocation (RWF_NOWAIT).</summary>
    public bool IsNoWait { get; private set; }

    /// <summary>Who asked for it: any but root takes set-user-ID and set-group-ID away.</summary>
    public Caller Caller { get; private set; }

    /// <summary>Admit: nothing is transferred directly; all of it is answered by "returned".</summary>
    public bool SkipsTransfer { get; set; }

    /// <summary>How many bytes went, or tried to go, to the device directly.</summary>
    public int TransferredBytes { get; internal set; }

    /// <summary>The byte behind what is written directly: behind all of it, unless a rest is left or it is short.</summary>
    public long DirectEndBytes => HasBufferedRest || IsShort ? OffsetBytes + TransferredBytes : EndBytes;

    /// <summary>Whether it ends behind the transferred bytes, and its caller is told so.</summary>
    public bool IsShort { get; internal set; }

    /// <summary>Admit: whether it holds the invalidation lock exclusively.</summary>
    public bool HoldsInvalidationLock { get; set; }

    /// <summary>Whether what is behind the transferred bytes is left for the page cache.</summary>
    public bool HasBufferedRest { get; internal set; }

    /// <summary>
    /// How many bytes its caller is told were written, unless it failed. The engine sets it to what was transferred; a protocol that writes
    /// a rest, or loses a count, changes it.
    /// </summary>
    public long WrittenBytes { get; set; }

    /// <summary>Whether the in-flight count was given back.</summary>
    public bool IsCountedOut { get; private set; }

    /// <summary>Whether an asynchronous write's acknowledgement was delivered.</summary>
    public bool IsAcknowledged { get; private set; }

    /// <summary>How it failed, if it did: the first error counts.</summary>
    public Errno Error { get; private set; }

    /// <summary>The damage of the image that it met, if it did.</summary>
    public CorruptionException? Damage { get; private set; }

    /// <inheritdoc/>
    public void EndIo(Bio bio)
    {
        Fail(bio.Error);
        _dataDone.Machine.Touch(this, AccessKind.Write);
        if (--_outstanding == 0)
            _engine.DataDone(this); // (2)
    }

    /// <inheritdoc/>
    public ValueTask RunAsync() => _engine.FinishQueuedAsync(this);

    /// <summary>Notes an error, unless there is one already.</summary>
    public void Fail(Errno error)
    {
        if (Error == Errno.None)
            Error = error;
    }

    /// <summary>Notes damage of the image as the error.</summary>
    public void Fail(CorruptionException damage)
    {
        Damage ??= damage;
        Fail(Errno.EUCLEAN);
    }

    /// <summary>Admit: an appending write goes to the end of the file.</summary>
    public void MoveTo(long offsetBytes)
    {
        InvariantException.Require(IsAppend && _usedBios == 0, "only an append moves, before anything is submitted");
        OffsetBytes = offsetBytes;
        _engine.Placed(this);
    }

    /// <summary>Admit: nothing is written behind so many bytes.</summary>
    public void CutTo(int lengthBytes) => Bytes = Bytes[..lengthBytes];

    /// <summary>Gives the in-flight count back, once.</summary>
    public void CountOut()
    {
        InvariantException.Require(!IsCountedOut, "a direct write leaves the in-flight count once");
        IsCountedOut = true;
        Inode.EndDirect();
    }

    /// <summary>Tells the caller of an asynchronous write that it is done or has failed, once.</summary>
    public void Acknowledge()
    {
        InvariantException.Require(!IsAcknowledged, "a direct write is acknowledged once");
        IsAcknowledged = true;
        End!.Acknowledge(Error == Errno.None ? WrittenBytes : 0, Error);
    }

    /// <summary>I/O done: nothing is left to do. Counts it out, acknowledges it, and lets go of it.</summary>
    public void Complete() => _engine.Complete(this);

    internal void Begin(in DirectRequest request, IDirectWriteEnd? end)
    {
        (Inode, OffsetBytes, Bytes, Sync, Call, End) =
            (request.Inode, request.OffsetBytes, request.Bytes, request.Sync, request.Call, end);
        (IsAppend, IsNoWait, Caller) = (request.IsAppend, request.IsNoWait, request.Caller);
        Lock = InodeLockHold.None;
        IsExtending = IsExtension = IsUnaligned = IsOnOrphanList = NeedsConversion = SkipsTransfer = HasBufferedRest = false;
        IsShort = HasRaisedDiskSize = HoldsInvalidationLock = false;
        IsCountedOut = IsAcknowledged = false;
        (TransferredBytes, WrittenBytes) = (0, 0);
        MustWait = end is null;
        IsAllFua = request.Sync != SyncKind.None;
        (Error, Damage) = (Errno.None, null);
        _usedBios = 0;
        _outstanding = 1; // (1)
        _holders = end is null ? 1 : 2;
    }

    internal Bio NextBio(Machine machine)
    {
        if (_usedBios == _bios.Count)
            _bios.Add(new Bio(machine) { End = this });
        _dataDone.Machine.Touch(this, AccessKind.Write);
        _outstanding++;
        return _bios[_usedBios++];
    }

    /// <summary>The submitter has submitted all.</summary>
    /// <returns>Whether nothing is in flight any more.</returns>
    internal bool EndSubmission()
    {
        _dataDone.Machine.Touch(this, AccessKind.Write);
        return --_outstanding == 0;
    }

    /// <summary>The submitter, or the completion, needs it no more.</summary>
    /// <returns>Whether nobody does.</returns>
    internal bool LetGo()
    {
        if (--_holders > 0)
            return false;
        (Inode, Bytes, End) = (null!, default, null);
        return true;
    }

    internal Wait DataDoneAsync() => _dataDone.WaitAsync();
}
