using ExtShell.Engine.Kernel;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using ExtShell.Format.Sources;

namespace ExtShell.Engine.Caching;

/// <summary>
/// One block of metadata as the cache holds it. There is one for each block that was ever asked for, until it is forgotten.
/// </summary>
/// <remarks>
/// (1) While it is not loaded, reads go to the device for their range only, so that an undecided image decides no more than what is
/// interpreted. Where the whole block is decided it is loaded once.
/// (2) Write access loads the whole block; from then on the content here is the truth, and the device's is older.
/// (3) Only a dirty buffer is written home. A journal holds back what a transaction changes: it is dirty again when the hold ends.
/// (4) One write home at a time: of two in flight together either could be the one that stays.
/// </remarks>
public sealed class Buffer
{
    private readonly BufferCache _cache;
    private byte[]? _content;
    private bool _isDirtyWhenReleased;

    internal Buffer(BufferCache cache, long block)
    {
        _cache = cache;
        Block = block;
    }

    /// <summary>The block's number on the device, in blocks of the cache's size.</summary>
    public long Block { get; }

    /// <summary>Where the block begins on the device, in bytes.</summary>
    public long OffsetBytes => Block * _cache.BlockSizeBytes;

    /// <summary>Bytes of the block.</summary>
    public int SizeBytes => _cache.BlockSizeBytes;

    /// <summary>Whether the whole block is in memory.</summary>
    public bool IsLoaded => _content is not null;

    /// <summary>Set by the owner of the structure once it has verified it, so that it verifies once.</summary>
    public bool IsVerified { get; set; }

    /// <summary>Whether the content is newer than its home and may be written there.</summary>
    public bool IsDirty { get; private set; }

    /// <summary>Whether a write of it to its home is in flight.</summary>
    public bool IsInFlight => HomeWrite is not null;

    /// <summary>How the last write home ended.</summary>
    public Errno WriteError { get; internal set; }

    /// <summary>What the journal keeps about it; the cache does not look at it.</summary>
    internal object? Attachment { get; set; }

    internal HomeWrite? HomeWrite { get; set; }

    internal bool IsListedDirty { get; set; }

    internal bool IsForgotten { get; set; }

    internal byte[] Content => _content ?? throw new InvariantException("a buffer's content is there once it is loaded");

    /// <summary>Bytes of the block; decides only this range where the image is undecided. Valid until the block is next changed.</summary>
    /// <param name="offset">Where in the block, in bytes.</param>
    /// <param name="length">How many bytes.</param>
    public ReadOnlySpan<byte> Read(int offset, int length)
    {
        _cache.Machine.Touch(SharedState.Metadata, AccessKind.Read);
        if (TryLoad())
            return _content.AsSpan(offset, length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)offset + (uint)length, (uint)SizeBytes, nameof(length));
        return _cache.Device.Content.Read(OffsetBytes + offset, length); // (1)
    }

    /// <summary>The whole block, which decides it.</summary>
    public ReadOnlySpan<byte> Read() => Read(0, SizeBytes);

    /// <summary>
    /// The range, if the sum that <paramref name="rule"/> describes matches what is stored. Offsets of the rule are the image's.
    /// </summary>
    /// <param name="offset">Where in the block, in bytes.</param>
    /// <param name="length">How many bytes.</param>
    /// <param name="rule">The sum; may reach into other blocks, which are seen as the cache sees them.</param>
    /// <param name="bytes">The range; not to be interpreted if the answer is no.</param>
    public bool TryReadVerified(int offset, int length, in ChecksumRule rule, out ReadOnlySpan<byte> bytes)
    {
        _cache.Machine.Touch(SharedState.Metadata, AccessKind.Read);
        if (!TryLoad())
            return _cache.Device.Content.TryReadVerified(OffsetBytes + offset, length, rule, out bytes);
        bytes = _content.AsSpan(offset, length);
        return rule.Matches(_cache);
    }

    /// <summary>
    /// The whole block for writing, outside any journal: for what is written around it (the superblock at mount) and for volumes without
    /// one. Mark it dirty afterwards. Everything else asks its handle.
    /// </summary>
    public Span<byte> GetContentForWriting()
    {
        _cache.Machine.Touch(SharedState.Metadata, AccessKind.Write);
        _content ??= _cache.Machine.CopyBytes(_cache.Device.Content.Read(OffsetBytes, SizeBytes)); // (2)
        return _content;
    }

    /// <summary>Whether a transaction keeps it from being written home. (3)</summary>
    internal bool IsHeldBack { get; private set; }

    /// <summary>Says that the content is newer than its home and may be written there.</summary>
    public void MarkDirty()
    {
        InvariantException.Require(IsLoaded, "a dirty buffer has content");
        InvariantException.Require(!IsHeldBack, "what a transaction holds is changed through its handles");
        _cache.Machine.Touch(SharedState.Metadata, AccessKind.Write);
        IsDirty = true;
        _cache.ListDirty(this);
    }

    /// <summary>Waits until no write of it to its home is in flight.</summary>
    public async ValueTask WaitForWriteAsync()
    {
        while (HomeWrite is { } write)
            await write.WaitAsync();
    }

    /// <inheritdoc/>
    public override string ToString() => $"block {Block}{(IsDirty ? ", dirty" : "")}{(IsInFlight ? ", in flight" : "")}";

    /// <summary>Takes the dirty state away: the content is on its way home, or worth nothing.</summary>
    internal void ClearDirty() => IsDirty = _isDirtyWhenReleased = false;

    /// <summary>A write home failed: its home is still older.</summary>
    internal void MarkDirtyAgain()
    {
        if (IsHeldBack)
            _isDirtyWhenReleased = true;
        else
            MarkDirty();
    }

    /// <summary>Keeps it from being written home until <see cref="Release"/>.</summary>
    internal void HoldBack()
    {
        _isDirtyWhenReleased |= IsDirty;
        IsDirty = false;
        IsHeldBack = true;
    }

    /// <summary>It was changed while held back.</summary>
    internal void MarkHeldDirty()
    {
        InvariantException.Require(IsHeldBack, "a handle asks for a block before it changes it");
        _isDirtyWhenReleased = true;
    }

    /// <summary>Ends the hold: what is newer than its home may be written there now.</summary>
    internal void Release()
    {
        IsHeldBack = false;
        if (_isDirtyWhenReleased)
            MarkDirty();
        _isDirtyWhenReleased = false;
    }

    internal void SetZeroes()
    {
        if (_content is null)
            _content = _cache.Machine.TakeBytes(SizeBytes);
        else
            _content.AsSpan().Clear();
        IsVerified = true;
    }

    private bool TryLoad()
    {
        if (_content is not null)
            return true;
        IByteSource source = _cache.Device.Content;
        if (!source.IsDecided(OffsetBytes, SizeBytes))
            return false;
        _content = _cache.Machine.CopyBytes(source.Read(OffsetBytes, SizeBytes));
        return true;
    }
}
