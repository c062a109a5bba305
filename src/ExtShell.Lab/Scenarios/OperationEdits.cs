using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;

namespace ExtShell.Lab.Scenarios;

/// <summary>
/// Operations that are simpler than another: fewer flags, shorter, nearer to the beginning, with bytes that say where they belong.
/// </summary>
internal static class OperationEdits
{
    private const long Block = 4096;
    private const long Sector = 512;

    /// <summary>The simpler operations, the simplest first. None of them leads back.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="index">Its number in the scenario: its pattern's number, if its bytes become a pattern.</param>
    public static IEnumerable<Operation> Simpler(Operation operation, int index)
    {
        if (operation.Verb == Verb.StartDirect)
            yield return operation with { Verb = Verb.WriteDirect, Io = "" };
        if (operation.Sync != SyncKind.None)
            yield return operation with { Sync = SyncKind.None };
        if (operation.Sync == SyncKind.Sync)
            yield return operation with { Sync = SyncKind.DataSync };
        if (operation.Verb == Verb.Fsync)
            yield return operation with { Verb = Verb.Fdatasync };
        if (operation.Verb == Verb.ZeroRange)
            yield return operation with { Verb = Verb.PunchHole, KeepSize = false };
        if (operation.NoWait)
            yield return operation with { NoWait = false };
        if (operation.KeepSize)
            yield return operation with { KeepSize = false };
        if (operation.OpenOptions != OpenOptions.None)
            yield return operation with { OpenOptions = OpenOptions.None };
        if (operation.Caller != default)
            yield return operation with { Caller = default };
        if (operation.Payload is { Kind: not PayloadKind.Pattern })
            yield return operation with { Payload = Payload.Pattern(index + 1) };
        foreach (long length in Shorter(operation.LengthBytes))
            yield return operation with { LengthBytes = length };
        foreach (long offset in Nearer(operation.OffsetBytes))
            yield return operation with { OffsetBytes = offset };
    }

    private static IEnumerable<long> Shorter(long length)
    {
        if (length > Block)
            yield return Block;
        long half = length / 2 / Block * Block;
        if (half > Block)
            yield return half;
        if (length % Block != 0 && length > Block)
            yield return length / Block * Block;
        if (length > Block)
            yield return ((length - 1) / Block) * Block;
        if (length < Block && length > Sector)
            yield return Sector;
    }

    private static IEnumerable<long> Nearer(long offset)
    {
        if (offset > 0)
            yield return 0;
        long half = offset / 2 / Block * Block;
        if (half > 0)
            yield return half;
        if (offset % Block != 0 && offset > Block)
            yield return offset / Block * Block;
        if (offset > Block)
            yield return (offset - 1) / Block * Block;
    }
}
