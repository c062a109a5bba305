using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.PowerShell.Binding;

/// <summary>What the completers share: a quoted result, with a line that says what it is.</summary>
public abstract class Completer : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = wordToComplete.Trim('\'', '"');
        foreach ((string value, string tip) in Candidates(word, fakeBoundParameters))
        {
            if (value.StartsWith(word, StringComparison.OrdinalIgnoreCase))
                yield return new CompletionResult(Quoted(value), value, CompletionResultType.ParameterValue, tip.Length == 0 ? value : tip);
        }
    }

    /// <summary>What could stand there; what does not begin with the word is left out.</summary>
    protected abstract IEnumerable<(string Value, string Tip)> Candidates(string word, IDictionary bound);

    /// <summary>A value as PowerShell reads it back.</summary>
    internal static string Quoted(string value) =>
        value.Length > 0
            && value.All(static letter => char.IsLetterOrDigit(letter) || "/._-:^+=".Contains(letter, StringComparison.Ordinal))
            ? value
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(value)}'";

    /// <summary>The text of a parameter that is on the line already.</summary>
    internal static string? Text(IDictionary bound, string name) => bound.Contains(name) ? bound[name]?.ToString() : null;
}

/// <summary>Mounted volumes, by number.</summary>
public sealed class VolumeCompleter : Completer
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Tip)> Candidates(string word, IDictionary bound) =>
        VolumeRegistry.All.Select(static pair => (pair.Key.ToString(CultureInfo.InvariantCulture), pair.Value.ToString()));
}

/// <summary>Direct I/O protocols.</summary>
public sealed class ProtocolCompleter : Completer
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Tip)> Candidates(string word, IDictionary bound) =>
        WriteProtocols.All.Select(static protocol => (protocol.Name, protocol.Summary));
}

/// <summary>The switches of the protocol that is on the line, or of the default one.</summary>
public sealed class SwitchCompleter : Completer
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Tip)> Candidates(string word, IDictionary bound)
    {
        string name = Text(bound, "Protocol") ?? MountOptions.Default.Protocol;
        ProtocolDescription? protocol = WriteProtocols.All.FirstOrDefault(
            known => string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase));
        return protocol is null
            ? []
            : protocol.Switches.Select(static known => (known.Name, $"{known.Summary} ({string.Join(", ", known.Defects)})"));
    }
}

/// <summary>Feature names, as mke2fs has them; with ^ to leave one out.</summary>
public sealed class FeatureCompleter : Completer
{
    private static readonly string[] Names =
    [
        .. FeatureNames.All(
            (CompatibleFeatures)uint.MaxValue, (IncompatibleFeatures)uint.MaxValue, (ReadOnlyCompatibleFeatures)uint.MaxValue)
            .Where(static name => !name.StartsWith("FEATURE_", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
    ];

    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Tip)> Candidates(string word, IDictionary bound) =>
        Names.Select(name => word.StartsWith('^') ? ("^" + name, "without " + name) : (name, "with " + name));
}

/// <summary>Encodings of text, by the names that PowerShell gives them.</summary>
public sealed class EncodingCompleter : Completer
{
    private static readonly string[] Names = ["utf8", "utf8BOM", "unicode", "bigendianunicode", "utf32", "ascii", "latin1"];

    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Tip)> Candidates(string word, IDictionary bound) =>
        Names.Select(static name => (name, ""));
}

/// <summary>Paths inside the volume that is on the line; where it comes from the pipeline, inside every mounted one.</summary>
public sealed class InnerPathCompleter : Completer
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Value, string Tip)> Candidates(string word, IDictionary bound)
    {
        string folder = word.LastIndexOf('/') is > 0 and var slash ? word[..slash] : "/";
        return VolumesOf(bound).SelectMany(volume => In(volume, folder)).DistinctBy(static found => found.Value);
    }

    private static IEnumerable<Volume> VolumesOf(IDictionary bound)
    {
        object? given = bound.Contains("Volume") ? bound["Volume"] : null;
        if ((given is PSObject wrapped ? wrapped.BaseObject : given) is Volume volume)
            return [volume];
        return VolumeRegistry.All.Where(pair => given is null || given.ToString() == pair.Key.ToString(CultureInfo.InvariantCulture))
            .Select(static pair => pair.Value);
    }

    private static List<(string Value, string Tip)> In(Volume volume, string folder)
    {
        var found = new List<(string, string)>();
        try
        {
            lock (VolumeRegistry.GateOf(volume))
            {
                foreach (DirectoryItem item in volume.ReadDirectory(folder).OrderBy(static item => item.Name, StringComparer.Ordinal))
                    found.Add(($"{(folder == "/" ? "" : folder)}/{item.Name}", $"{item.Type}, inode {item.Inode}"));
            }
        }
        catch (Exception failure) when (failure is FileSystemException or CorruptionException)
        {
            return found; // nothing to offer there: the cmdlet will say why
        }

        return found;
    }
}
