namespace ExtShell.Format.Journal;

/// <summary>How tags and revoked block numbers are stored, which the journal's features decide.</summary>
/// <param name="IsVersion3">Whether tags are <see cref="BlockTag3"/>.</param>
/// <param name="HasTagChecksum">Whether tags hold a sum: checksum v2 or v3.</param>
/// <param name="Is64Bit">Whether block numbers have 64 bits.</param>
/// <remarks>
/// With checksum v2 a tag is two bytes longer than its fields need, since the sum was once counted twice; all writers keep that.
/// </remarks>
public readonly record struct BlockTagLayout(bool IsVersion3, bool HasTagChecksum, bool Is64Bit)
{
    /// <summary>The layout of a journal.</summary>
    public static BlockTagLayout Of(in JournalSuperBlock superBlock) => new(
        superBlock.Has(JournalIncompatibleFeatures.ChecksumV3),
        superBlock.HasChecksumV2OrV3,
        superBlock.Has(JournalIncompatibleFeatures.Bits64));

    /// <summary>Bytes of a tag, without the UUID that may follow.</summary>
    public int TagSizeBytes => IsVersion3 ? 16 : (HasTagChecksum ? 14 : 12) - (Is64Bit ? 0 : 4);

    /// <summary>Bytes of a block number in a revoke block.</summary>
    public int RevokedNumberSizeBytes => Is64Bit ? 8 : 4;

    /// <summary>Bytes at the end of a descriptor or revoke block that its checksum takes.</summary>
    public int TailSizeBytes => HasTagChecksum ? JournalBlockTail.SizeBytes : 0;
}
