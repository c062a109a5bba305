using System.Globalization;
using System.Text;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Format.OnDisk;

namespace ExtShell.Lab.Scenarios;

/// <summary>
/// Attributes as a scenario's text has them: <c>chmod /f 4755</c>, <c>chown /f 1000:100</c> (<c>1000:</c> and <c>:100</c> keep the other),
/// <c>utimes /f atime=now mtime=1500000000</c> (nanoseconds since 1970; what is left out stays), <c>chattr /f +Immutable -NoDump</c>.
/// </summary>
internal static class AttributeText
{
    /// <summary>The arguments of an operation on attributes.</summary>
    public static string Write(Operation operation) => operation.Verb switch
    {
        Verb.Chmod => Octal(operation.Permissions),
        Verb.Chown => Ids(operation.Owner, operation.Group),
        Verb.Utimes => Time(" atime", operation.Accessed) + Time(" mtime", operation.Modified),
        Verb.Chattr => (Flags('+', operation.AddedFlags) + Flags('-', operation.RemovedFlags)).TrimStart(),
        _ => "",
    };

    /// <summary>Reads them.</summary>
    public static Operation Parse(Operation operation, TextLine line) => operation.Verb switch
    {
        Verb.Chmod => operation with { Permissions = ParseOctal(line.Word("permissions"), line) },
        Verb.Chown => ParseOwner(operation, line),
        Verb.Utimes => operation with { Accessed = ParseTime("atime", line), Modified = ParseTime("mtime", line) },
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
            mode = digit is >= '0' and <= '7' && mode < 0x1000 ? (mode * 8) + (digit - '0') : throw line.Malformed($"'{word}' is no octal mode");
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
