namespace ExtShell.Engine.IO;

/// <summary>What protocols are composed with.</summary>
/// <param name="Io">The volume.</param>
/// <param name="Coherence">The page cache beside direct I/O.</param>
/// <param name="FileSync">fsync.</param>
/// <param name="Buffered">Buffered writes, for what cannot be written directly.</param>
public sealed record ProtocolParts(IoContext Io, PageCoherence Coherence, FileSync FileSync, BufferedFile Buffered);
