using System.Globalization;
using System.Text;
using ExtShell.Engine.Devices;

namespace ExtShell.Lab.Scenarios;

/// <summary>
/// Injected events as text: <c>io-error op=write file=f from=0 to=4096 errno=EIO times=1 after=0</c>, <c>full leave=0</c>, …
/// </summary>
internal static class InjectionText
{
    private static readonly (InjectionKind Kind, string Word)[] Words =
    [
        (InjectionKind.IoError, "io-error"), (InjectionKind.Full, "full"), (InjectionKind.SpaceBack, "space-back"),
        (InjectionKind.PrivilegeError, "privilege-error"), (InjectionKind.ConversionError, "conversion-error"),
    ];

    /// <summary>The words that say what is injected.</summary>
    public static IEnumerable<string> Vocabulary => Words.Select(static known => known.Word);

    public static string Write(Injection injection)
    {
        var standard = new Injection(injection.Kind);
        var text = new StringBuilder(Array.Find(Words, word => word.Kind == injection.Kind).Word);
        if (injection.Operation is { } operation)
            text.Append(CultureInfo.InvariantCulture, $" op={operation.ToString().ToLowerInvariant()}");
        if (injection.File.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $" file={TextLine.Quote(injection.File)}");
        if (injection.FromBytes != standard.FromBytes)
            text.Append(CultureInfo.InvariantCulture, $" from={injection.FromBytes}");
        if (injection.ToBytes != standard.ToBytes)
            text.Append(CultureInfo.InvariantCulture, $" to={injection.ToBytes}");
        if (injection.Error != standard.Error)
            text.Append(CultureInfo.InvariantCulture, $" errno={injection.Error}");
        if (injection.Times != standard.Times)
            text.Append(CultureInfo.InvariantCulture, $" times={injection.Times}");
        if (injection.After != standard.After)
            text.Append(CultureInfo.InvariantCulture, $" after={injection.After}");
        if (injection.Kind == InjectionKind.Full)
            text.Append(CultureInfo.InvariantCulture, $" leave={injection.LeaveBlocks}");
        return text.ToString();
    }

    public static Injection Parse(TextLine line)
    {
        string word = line.Word("what is injected");
        int known = Array.FindIndex(Words, candidate => candidate.Word == word);
        if (known < 0)
            throw line.Malformed($"'{word}' cannot be injected; {string.Join(", ", Words.Select(candidate => candidate.Word))} can");
        var standard = new Injection(Words[known].Kind);
        string operation = line.Value("op", "");
        if (operation.Length > 0 && !Enum.TryParse<BioOperation>(operation, true, out _))
            throw line.Malformed("op= is read, write, writezeroes or flush");
        return standard with
        {
            Operation = operation.Length == 0 ? null : Enum.Parse<BioOperation>(operation, true),
            File = line.Value("file", ""),
            FromBytes = line.Number("from", standard.FromBytes),
            ToBytes = line.Number("to", standard.ToBytes),
            Error = line.Named("errno", standard.Error),
            Times = (int)line.Number("times", standard.Times),
            After = (int)line.Number("after", standard.After),
            LeaveBlocks = line.Number("leave", 0),
        };
    }
}
