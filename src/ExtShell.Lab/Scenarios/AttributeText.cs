using System.Globalization;
using System.Text;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Format.OnDisk;

namespace ExtShell.Lab.Scenarios;

/// <summary>
/// Attributes as a scenario's text has them: <c>chmod /f 4755</c>, <c>chown /f 1000:100</c> (<c>1000:</c> and <c>:100</c> keep the other),
/// <c>utimes /f atime=now mtime=1500000000</c> (nanoseconds since 1970; what is left out stays), <c>chattr /f +Immutable -NoDump</c>,
/// <c>mknod /n block mode=600 device=8:1</c>, <c>setxattr /f user.a length=100 data=pattern:1</c>, <c>removexattr /f user.a</c>.
/// </summary>
internal static class AttributeText
{
    private static readonly (InodeMode Type, string Word)[] Nodes =
    [
        (InodeMode.Fifo, "fifo"), (InodeMode.Socket, "socket"), (InodeMode.CharacterDevice, "character"), (InodeMode.BlockDevice, "block"),
        (InodeMode.Regular, "file"),
    ];

    /// <summary>The arguments of an operation on attributes.</summary>
    public static string Write(Operation operation) => operation.Verb switch
    {
        Verb.Chmod => Octal(operation.Permissions),
        Verb.Mknod => $"{NodeWord(operation.Permissions)} mode={Octal(operation.Permissions)}"
            + (operation.Device == default ? "" : $" device={operation.Device}"),
        Verb.SetXattr => string.Create(
            CultureInfo.InvariantCulture, $"{TextLine.Quote(operation.AttributeName)} length={operation.LengthBytes}")
            + StaysWord(operation),
        Verb.RemoveXattr => TextLine.Quote(operation.AttributeName) + StaysWord(operation),
        Verb.Chown => Ids(operation.Owner, operation.Group) + StaysWord(operation),
        Verb.Utimes => Time(" atime", operation.Accessed) + Time(" mtime", operation.Modified) + StaysWord(operation),
        Verb.Chattr => (Flags('+', operation.AddedFlags) + Flags('-', operation.RemovedFlags)).TrimStart(),
        _ => "",
    };

    /// <summary>Reads them.</summary>
    public static Operation Parse(Operation operation, TextLine line) => operation.Verb switch
    {
        Verb.Mknod => ParseNode(operation, line),
        Verb.SetXattr =>
            ParseStays(operation with { AttributeName = line.Word("an attribute's name"), LengthBytes = line.Number("length") }, line),
        Verb.RemoveXattr => ParseStays(operation with { AttributeName = line.Word("an attribute's name") }, line),
        Verb.Chmod => operation with { Permissions = ParseOctal(line.Word("permissions"), line) },
        Verb.Chown => ParseStays(ParseOwner(operation, line), line),
        Verb.Utimes => ParseStays(operation with { Accessed = ParseTime("atime", line), Modified = ParseTime("mtime", line) }, line),
        Verb.Chattr => ParseFlags(operation, line),
        _ => operation,
    };

    /// <summary>What a <c>stat</c> answers: facts that <c>expect=</c> can name.</summary>
    public static string Facts(in InodeStatus status) => string.Create(CultureInfo.InvariantCulture,
        $"mode={Octal(status.Mode)} owner={status.Owner} group={status.Group} size={status.SizeBytes} links={status.Links}"
        + $" flags={(status.Flags & AttributeChange.Settable).ToString().Replace(", ", ",", StringComparison.Ordinal)}"
        + $" atime={status.AccessedUnixNanoseconds} mtime={status.ModifiedUnixNanoseconds} type={status.Mode & InodeMode.TypeMask}");

    /// <summary>A caller, as <c>as=</c> has it.</summary>
    public static Caller ParseCaller(TextLine line)
    {
        string text = line.Value("as", "0:0");
        string[] ids = text.Split(':');
        return ids.Length == 2 && uint.TryParse(ids[0], out uint user) && uint.TryParse(ids[1], out uint group)
            ? new Caller(user, group)
            : throw line.Malformed("as= is the ids of a user and a group, as 1000:100");
    }

    private static string StaysWord(Operation operation) => operation.StaysOnLink ? " nofollow=yes" : "";

    private static Operation ParseStays(Operation operation, TextLine line) =>
        operation with { StaysOnLink = line.Flag("nofollow", false) };

    private static string NodeWord(InodeMode mode) => Array.Find(Nodes, node => node.Type == (mode & InodeMode.TypeMask)).Word ?? "file";

    private static Operation ParseNode(Operation operation, TextLine line)
    {
        string word = line.Word("fifo, socket, character, block or file");
        int known = Array.FindIndex(Nodes, node => node.Word == word);
        string[] numbers = line.Value("device", "0:0").Split(':');
        if (known < 0 || numbers.Length != 2 || !uint.TryParse(numbers[0], out uint major) || !uint.TryParse(numbers[1], out uint minor))
            throw line.Malformed($"'{word}' is no fifo, socket, character, block or file, or device= is not as 8:1");
        InodeMode permissions = ParseOctal(line.Value("mode", "644"), line);
        return operation with { Permissions = Nodes[known].Type | permissions, Device = new DeviceNumber(major, minor) };
    }

    private static string Octal(InodeMode mode) => Convert.ToString((int)(mode & InodeMode.PermissionMask), 8);

    private static string Ids(uint? owner, uint? group) => string.Create(CultureInfo.InvariantCulture, $"{owner}:{group}");

    private static string Time(string key, NewTime time) =>
        time.IsKept ? "" : time.IsNow ? key + "=now" : string.Create(CultureInfo.InvariantCulture, $"{key}={time.UnixNanoseconds}");

    private static string Flags(char sign, InodeFlags flags)
    {
        var text = new StringBuilder();
        for (uint bit = 1; bit != 0; bit <<= 1)
        {
            if (((uint)flags & bit) != 0)
                text.Append(' ').Append(sign).Append((InodeFlags)bit);
        }

        return text.ToString();
    }

    private static InodeMode ParseOctal(string word, TextLine line)
    {
        int mode = 0;
        foreach (char digit in word)
            mode = digit is >= '0' and <= '7' && mode < 0x1000
                ? (mode * 8) + (digit - '0')
                : throw line.Malformed($"'{word}' is no octal mode");
        return mode <= (int)InodeMode.PermissionMask ? (InodeMode)mode : throw line.Malformed($"'{word}' is more than permissions");
    }

    private static Operation ParseOwner(Operation operation, TextLine line)
    {
        string word = line.Word("owner and group");
        string[] ids = word.Split(':');
        uint? Id(string text) => text.Length == 0 ? null
            : uint.TryParse(text, out uint id) ? id : throw line.Malformed($"'{word}' is not as 1000:100, 1000: or :100");
        return ids.Length == 2
            ? operation with { Owner = Id(ids[0]), Group = Id(ids[1]) }
            : throw line.Malformed($"'{word}' is not as 1000:100, 1000: or :100");
    }

    private static NewTime ParseTime(string key, TextLine line)
    {
        string value = line.Value(key, "");
        if (value.Length == 0)
            return NewTime.Keep;
        if (value == "now")
            return NewTime.Now;
        return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long nanoseconds)
            ? NewTime.At(nanoseconds)
            : throw line.Malformed($"{key}= is now, or nanoseconds since 1970");
    }

    private static Operation ParseFlags(Operation operation, TextLine line)
    {
        while (line.TryWord(out string word))
        {
            if (word.Length < 2 || word[0] is not ('+' or '-') || !Enum.TryParse(word.AsSpan(1), true, out InodeFlags flag))
                throw line.Malformed($"'{word}' is not as +Immutable or -Immutable");
            operation = word[0] == '+'
                ? operation with { AddedFlags = operation.AddedFlags | flag }
                : operation with { RemovedFlags = operation.RemovedFlags | flag };
        }

        return operation;
    }
}
