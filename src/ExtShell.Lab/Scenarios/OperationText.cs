using System.Globalization;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;

namespace ExtShell.Lab.Scenarios;

/// <summary>Operations as lines of text, and back.</summary>
internal static class OperationText
{
    private static readonly (Verb Verb, string Word)[] Words =
    [
        (Verb.Create, "create"), (Verb.Open, "open"), (Verb.Close, "close"), (Verb.Mkdir, "mkdir"), (Verb.Rmdir, "rmdir"),
        (Verb.Link, "link"), (Verb.Unlink, "unlink"), (Verb.Rename, "rename"), (Verb.WriteDirect, "write-direct"),
        (Verb.StartDirect, "start-direct"), (Verb.WaitDirect, "wait-direct"), (Verb.ReadDirect, "read-direct"),
        (Verb.WriteBuffered, "write-buffered"), (Verb.Map, "map"), (Verb.MapRead, "map-read"), (Verb.MapWrite, "map-write"),
        (Verb.MapSync, "map-sync"), (Verb.Unmap, "unmap"), (Verb.ReadBuffered, "read-buffered"), (Verb.Fallocate, "fallocate"),
        (Verb.WriteBack, "write-back"), (Verb.Commit, "commit"), (Verb.Inject, "inject"), (Verb.DropCaches, "drop-caches"),
        (Verb.Shutdown, "shutdown"), (Verb.PunchHole, "punch"), (Verb.ZeroRange, "zero-range"), (Verb.CollapseRange, "collapse"),
        (Verb.InsertRange, "insert"), (Verb.Truncate, "truncate"), (Verb.Fsync, "fsync"), (Verb.Fdatasync, "fdatasync"),
        (Verb.Sync, "sync"), (Verb.Unmount, "unmount"), (Verb.Mount, "mount"), (Verb.Settle, "settle"), (Verb.Chmod, "chmod"),
        (Verb.Chown, "chown"), (Verb.Utimes, "utimes"), (Verb.Chattr, "chattr"), (Verb.Stat, "stat"), (Verb.Symlink, "symlink"),
        (Verb.Mknod, "mknod"), (Verb.SetXattr, "setxattr"), (Verb.RemoveXattr, "removexattr"),
    ];

    /// <summary>The words that operations begin with.</summary>
    public static IEnumerable<string> Vocabulary => Words.Select(static known => known.Word);

    public static string Write(Operation operation) =>
        operation.Expected.Length == 0 ? WriteCall(operation) : $"{WriteCall(operation)} expect={TextLine.Quote(operation.Expected)}";

    private static string WriteCall(Operation operation)
    {
        string verb = Array.Find(Words, word => word.Verb == operation.Verb).Word;
        string file = TextLine.Quote(operation.File);
        return operation.Verb switch
        {
            Verb.Inject => $"{verb} {InjectionText.Write(operation.Injection!)}",
            Verb.Shutdown => $"{verb} kind={operation.ShutdownKind.ToString().ToLowerInvariant()}",
            Verb.Create => $"{verb} {file} {TextLine.Quote(operation.Path)}",
            Verb.Open => $"{verb} {file} {TextLine.Quote(operation.Path)}{Options(operation)}",
            Verb.Symlink => $"{verb} {TextLine.Quote(operation.LinkTarget)} {TextLine.Quote(operation.Path)}",
            Verb.SetXattr => $"{verb} {TextLine.Quote(operation.Path)} {AttributeText.Write(operation)}{Written(operation)}",
            Verb.Chmod or Verb.Chown or Verb.Chattr or Verb.Utimes or Verb.Mknod or Verb.RemoveXattr =>
                $"{verb} {TextLine.Quote(operation.Path)} {AttributeText.Write(operation).TrimStart()}".TrimEnd(),
            Verb.Mkdir or Verb.Rmdir or Verb.Unlink or Verb.Stat => $"{verb} {TextLine.Quote(operation.Path)}",
            Verb.Link or Verb.Rename => $"{verb} {TextLine.Quote(operation.Path)} {TextLine.Quote(operation.NewPath)}",
            Verb.StartDirect => $"{verb} {TextLine.Quote(operation.Io)} {file}{Range(operation)}{Written(operation)}",
            Verb.WaitDirect => $"{verb} {TextLine.Quote(operation.Io)} {file}",
            Verb.WriteDirect or Verb.WriteBuffered => $"{verb} {file}{Range(operation)}{Written(operation)}",
            Verb.Map => $"{verb} {TextLine.Quote(operation.Mapping)} {file}{Range(operation)}",
            Verb.MapRead or Verb.MapSync => $"{verb} {TextLine.Quote(operation.Mapping)}{Range(operation)}",
            Verb.MapWrite => $"{verb} {TextLine.Quote(operation.Mapping)}{Range(operation)}{Written(operation)}",
            Verb.Unmap => $"{verb} {TextLine.Quote(operation.Mapping)}",
            Verb.ReadDirect or Verb.ReadBuffered or Verb.PunchHole or Verb.CollapseRange or Verb.InsertRange =>
                $"{verb} {file}{Range(operation)}",
            Verb.Fallocate or Verb.ZeroRange => $"{verb} {file}{(operation.KeepSize ? " keep-size" : "")}{Range(operation)}",
            Verb.Truncate => string.Create(CultureInfo.InvariantCulture, $"{verb} {file} to={operation.LengthBytes}"),
            Verb.Close or Verb.Fsync or Verb.Fdatasync => $"{verb} {file}",
            _ => verb,
        };
    }

    public static Operation Parse(TextLine line)
    {
        string word = line.Word("an operation");
        int known = Array.FindIndex(Words, candidate => candidate.Word == word);
        if (known < 0)
            throw line.Malformed($"'{word}' is no operation");
        string expected = line.Value("expect", "");
        Operation operation = ParseArguments(new Operation { Verb = Words[known].Verb, Expected = expected }, line);
        line.End();
        return operation;
    }

    private static Operation ParseArguments(Operation operation, TextLine line)
    {
        switch (operation.Verb)
        {
            case Verb.Inject:
                return operation with { Injection = InjectionText.Parse(line) };
            case Verb.Shutdown:
                return operation with { ShutdownKind = line.Named("kind", ShutdownKind.Flush) };
            case Verb.Create:
                return operation with { File = line.Word("a file's name"), Path = line.Word("a path") };
            case Verb.Open:
                return operation with
                {
                    File = line.Word("a file's name"),
                    Path = line.Word("a path"),
                    OpenOptions = line.Named("options", OpenOptions.None),
                    Caller = AttributeText.ParseCaller(line),
                };
            case Verb.Symlink:
                return operation with { LinkTarget = line.Word("a path to hold"), Path = line.Word("a path") };
            case Verb.SetXattr:
                operation = AttributeText.Parse(operation with { Path = line.Word("a path") }, line);
                return operation with { Payload = ParsePayload(line) };
            case Verb.Chmod or Verb.Chown or Verb.Chattr or Verb.Utimes or Verb.Mknod or Verb.RemoveXattr:
                return AttributeText.Parse(operation with { Path = line.Word("a path") }, line);
            case Verb.Mkdir or Verb.Rmdir or Verb.Unlink or Verb.Stat:
                return operation with { Path = line.Word("a path") };
            case Verb.Link or Verb.Rename:
                return operation with { Path = line.Word("a path"), NewPath = line.Word("a second path") };
            case Verb.StartDirect:
                return ParseWrite(operation with { Io = line.Word("a name of the write"), File = line.Word("a file's name") }, line);
            case Verb.WaitDirect:
                return operation with { Io = line.Word("a name of the write"), File = line.Word("a file's name") };
            case Verb.WriteDirect or Verb.WriteBuffered:
                return ParseWrite(operation with { File = line.Word("a file's name") }, line);
            case Verb.ReadDirect or Verb.ReadBuffered or Verb.PunchHole or Verb.CollapseRange or Verb.InsertRange:
                return ParseRange(operation with { File = line.Word("a file's name") }, line);
            case Verb.Map:
                return ParseRange(operation with { Mapping = line.Word("a mapping's name"), File = line.Word("a file's name") }, line);
            case Verb.MapRead or Verb.MapSync:
                return ParseRange(operation with { Mapping = line.Word("a mapping's name") }, line);
            case Verb.MapWrite:
                operation = ParseRange(operation with { Mapping = line.Word("a mapping's name") }, line);
                return operation with { Payload = ParsePayload(line) };
            case Verb.Unmap:
                return operation with { Mapping = line.Word("a mapping's name") };
            case Verb.Fallocate or Verb.ZeroRange:
                operation = operation with { File = line.Word("a file's name"), KeepSize = line.TakeFlag("keep-size") };
                return ParseRange(operation, line);
            case Verb.Truncate:
                return operation with { File = line.Word("a file's name"), LengthBytes = line.Number("to") };
            case Verb.Close or Verb.Fsync or Verb.Fdatasync:
                return operation with { File = line.Word("a file's name") };
            default:
                return operation;
        }
    }

    private static Operation ParseRange(Operation operation, TextLine line) =>
        operation with { OffsetBytes = line.Number("at"), LengthBytes = line.Number("length") };

    private static Operation ParseWrite(Operation operation, TextLine line)
    {
        operation = ParseRange(operation, line) with { Payload = ParsePayload(line) };
        return operation with
        {
            Sync = line.Value("sync", "none") switch
            {
                "none" => SyncKind.None,
                "dsync" => SyncKind.DataSync,
                "sync" => SyncKind.Sync,
                _ => throw line.Malformed("sync= is none, dsync or sync"),
            },
            NoWait = line.Flag("nowait", false),
        };
    }

    private static Payload ParsePayload(TextLine line)
    {
        string[] parts = line.Value("data", "byte:0").Split(':', 2);
        if (parts is ["bytes", string verbatim])
            return new Payload(PayloadKind.Verbatim, 0, verbatim);
        if (parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            if (parts[0] == "pattern")
                return Payload.Pattern(number);
            if (parts[0] == "byte" && number <= byte.MaxValue)
                return Payload.Repeat((byte)number);
        }

        throw line.Malformed("data= is pattern:N, byte:N or bytes:BASE64");
    }

    private static string Range(Operation operation) =>
        string.Create(CultureInfo.InvariantCulture, $" at={operation.OffsetBytes} length={operation.LengthBytes}");

    private static string Options(Operation operation) =>
        (operation.OpenOptions == OpenOptions.None ? "" : $" options={TextLine.Quote(operation.OpenOptions.ToString())}")
        + (operation.Caller.IsRoot ? "" : $" as={operation.Caller}");

    private static string Written(Operation operation)
    {
        Payload payload = operation.Payload ?? Payload.Repeat(0);
        string data = payload.Kind switch
        {
            PayloadKind.Pattern => string.Create(CultureInfo.InvariantCulture, $" data=pattern:{payload.Number}"),
            PayloadKind.Repeat => string.Create(CultureInfo.InvariantCulture, $" data=byte:{payload.Number}"),
            _ => " data=" + TextLine.Quote("bytes:" + payload.Verbatim),
        };
        return data + operation.Sync switch
        {
            SyncKind.DataSync => " sync=dsync",
            SyncKind.Sync => " sync=sync",
            _ => "",
        } + (operation.NoWait ? " nowait=yes" : "");
    }
}
