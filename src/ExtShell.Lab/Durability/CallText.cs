using System.Globalization;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;

namespace ExtShell.Lab.Durability;

/// <summary>Calls in words, as reports say them.</summary>
internal static class CallText
{
    public static string Describe(RecordedCall call) => $"call {call.Id}, {Describe(call.Operation)}{Outcome(call)}";

    public static string Describe(in OperationCall call) => call.Kind switch
    {
        OperationKind.Create => $"create {call.Path}",
        OperationKind.Open => $"open {call.Path}",
        OperationKind.Close => $"close {call.Path}",
        OperationKind.Mkdir => $"mkdir {call.Path}",
        OperationKind.Rmdir => $"rmdir {call.Path}",
        OperationKind.Link => $"link {call.Path} to {call.NewPath}",
        OperationKind.Unlink => $"unlink {call.Path}",
        OperationKind.Rename => $"rename {call.Path} to {call.NewPath}",
        OperationKind.Symlink => $"symlink {call.Path}",
        OperationKind.Mknod => $"mknod {call.Path}",
        OperationKind.SetXattr => $"setxattr {call.AttributeName} of {call.Path}",
        OperationKind.RemoveXattr => $"removexattr {call.AttributeName} of {call.Path}",
        OperationKind.Chmod => $"chmod {call.Path} to {Convert.ToString((int)call.Permissions, 8)}",
        OperationKind.Chown => $"chown {call.Path} to {call.Owner}:{call.Group}",
        OperationKind.SetTimes => $"utimes {call.Path}",
        OperationKind.Chattr => $"chattr {call.Path} +({call.AddedFlags}) -({call.RemovedFlags})",
        OperationKind.Stat => $"stat {call.Path}",
        OperationKind.WriteDirect => Write("direct write", call),
        OperationKind.StartDirect => Write("asynchronous direct write", call),
        OperationKind.WaitDirect => $"wait for call {call.StartedCall}",
        OperationKind.ReadDirect => Range("direct read", call.LengthBytes, call),
        OperationKind.WriteBuffered => Write("buffered write", call),
        OperationKind.ReadBuffered => Range("buffered read", call.LengthBytes, call),
        OperationKind.Map => Range("map", call.LengthBytes, call),
        OperationKind.MapRead => Range("load from a mapping", call.LengthBytes, call),
        OperationKind.MapWrite => Range("store into a mapping", call.Bytes.Length, call),
        OperationKind.MapSync => Range("msync", call.LengthBytes, call),
        OperationKind.Unmap => $"unmap {call.Path}",
        OperationKind.Fallocate => Range(Fallocate(call), call.LengthBytes, call),
        OperationKind.Truncate => $"truncate of {call.Path} to {Number(call.LengthBytes)} bytes",
        OperationKind.SyncFile => $"{(call.DataOnly ? "fdatasync" : "fsync")} of {call.Path}",
        OperationKind.SyncVolume => "sync of the volume",
        OperationKind.Unmount => "unmount",
        _ => call.Kind.ToString(),
    };

    /// <summary>What is called, without its arguments.</summary>
    public static string Verb(in OperationCall call)
    {
        string text = Describe(call);
        int end = text.IndexOf(" of ", StringComparison.Ordinal);
        return end < 0 ? text : text[..end];
    }

    public static string Plain(long value) => value.ToString(CultureInfo.InvariantCulture);

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number of things: <c>1 epoch</c>, <c>1,000 epochs</c>.</summary>
    public static string Count(long number, string one) => $"{Number(number)} {one}{(number == 1 ? "" : "s")}";

    private static string Fallocate(in OperationCall call)
    {
        string what = call.FallocateMode switch
        {
            FallocateMode.PunchHole => "punch",
            FallocateMode.ZeroRange => "zeroing",
            FallocateMode.CollapseRange => "collapse",
            FallocateMode.InsertRange => "insert",
            _ => "fallocate",
        };
        return call.KeepSize && call.FallocateMode != FallocateMode.PunchHole ? what + " (keep size)" : what;
    }

    private static string Write(string what, in OperationCall call)
    {
        string sync = call.Sync switch
        {
            SyncKind.DataSync => " with O_DSYNC",
            SyncKind.Sync => " with O_SYNC",
            _ => "",
        };
        what = (call.IsAppend ? "appending " : "") + what;
        return Range(what, call.Bytes.Length, call) + sync + (call.IsNoWait ? " that must not wait" : "");
    }

    private static string Range(string what, long lengthBytes, in OperationCall call) =>
        $"{what} of {Number(lengthBytes)} bytes at {Number(call.OffsetBytes)} of {call.Path}";

    private static string Outcome(RecordedCall call)
    {
        if (call.IsFailure)
            return $" (failed: {call.Error})";
        return call.Acknowledged.IsNever ? " (not acknowledged)" : "";
    }
}
