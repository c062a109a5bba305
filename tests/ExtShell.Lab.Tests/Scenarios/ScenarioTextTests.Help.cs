using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Tests.Scenarios;

public sealed partial class ScenarioTextTests
{
    private static readonly string Help = Path.Combine(
        Examples.Folder, "..", "module", "ExtShell", "en-US", "about_ExtShell_Scenarios.help.txt");

    [Fact]
    public void The_help_has_every_word_that_is_understood()
    {
        HashSet<string> known = [.. File.ReadAllText(Help).Split([' ', '\n', '\r', '|', '[', ']', ',', ':', '(', ')', '"', '=', ';'])];
        Assert.Empty(OperationText.Vocabulary.Concat(InjectionText.Vocabulary).Concat(ScenarioText.Holds).Except(known));
        Assert.Empty(new[] { "scenario", "volume", "mount", "device", "expect", "hold", "setup", "thread" }.Except(known));
        Assert.Empty(
            Names<JournalMode>().Concat(Names<BarrierMode>()).Concat(Names<ShutdownKind>()).Concat(Names<BioOperation>()).Except(known));
        Assert.Empty(Enum.GetNames<OpenOptions>().Where(static name => name != nameof(OpenOptions.None)).Except(known));
    }

    [Fact]
    public void The_help_has_every_key_that_is_understood()
    {
        string help = File.ReadAllText(Help);
        var keys = new SortedSet<string>(StringComparer.Ordinal);
        string[] lines = Full.ToText().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] is not ("setup" or "thread"))
                keys.UnionWith(KeysOf([.. lines[..i], lines[i] + " no-such-key=1", .. lines[(i + 1)..]]));
        }

        Assert.Contains("dioread-nolock", keys);
        Assert.All(keys, key => Assert.Contains(key + "=", help, StringComparison.Ordinal));
    }

    /// <summary>What the complaint about a key that is not understood says are.</summary>
    private static string[] KeysOf(string[] lines)
    {
        string complaint = Assert.Throws<FormatException>(() => Scenario.Parse(string.Join('\n', lines))).Message;
        string[] parts = complaint.Split("'no-such-key=' is not understood here");
        Assert.Equal(2, parts.Length);
        return parts[1].Length == 0
            ? []
            : parts[1].Replace("; ", "", StringComparison.Ordinal).Replace(" are", "", StringComparison.Ordinal).Split(", ");
    }

    private static IEnumerable<string> Names<T>()
        where T : struct, Enum => Enum.GetNames<T>().Select(static name => name.ToLowerInvariant());
}
