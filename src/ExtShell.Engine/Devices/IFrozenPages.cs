namespace ExtShell.Engine.Devices;

/// <summary>Content that never changes, read by 4 KiB pages: what an overlay lies on.</summary>
internal interface IFrozenPages
{
    /// <summary>The length in bytes.</summary>
    long LengthBytes { get; }

    /// <summary>Bytes within one page.</summary>
    ReadOnlySpan<byte> ReadInPage(long page, int within, int lengthBytes);
}
