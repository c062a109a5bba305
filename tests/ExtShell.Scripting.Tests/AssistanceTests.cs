using ExtShell.Engine.IO;
using ExtShell.Scripting.Contracts;
using ExtShell.Scripting.Contracts.Assistance;
using ExtShell.TestTools;

namespace ExtShell.Scripting.Tests;

/// <summary>Completion, signatures and classes of tokens, as a prompt asks for them. The caret is where the bar stands.</summary>
public sealed class AssistanceTests : IDisposable
{
    private readonly Experiment _experiment = new([], TextWriter.Null);
    private readonly IScriptSession _session;

    public AssistanceTests() => _session = ScriptHostLoader.Host.NewSession(_experiment);

    public void Dispose() => _experiment.Dispose();

    [Theory]
    [InlineData("Chec|", "CheckImage")]
    [InlineData("\"text\".Sub|", "Substring")]
    [InlineData("\"text\".|", "Length")]
    [InlineData("Math.|", "Abs")]
    [InlineData("SyncKind.|", "DataSync")]
    [InlineData("NewVolume(\"1MiB\").Create(\"/a\").|", "WriteDirect")]
    [InlineData("NewVolume(\"1MiB\").Crash|", "Crash")]
    [InlineData("NewVolume(\"1MiB\").|", "SearchCrashStates")]
    [InlineData("NewVolume(\"1MiB\").|", "History")]
    [InlineData("new[] { 1 }.|", "Select")]
    [InlineData("int local = 1; loc|", "local")]
    [InlineData("void F(int given) { giv| }", "given")]
    [InlineData("NewVolume(\"1MiB\", sw|", "switches: ")]
    [InlineData("var v = NewVolume(\"1MiB\", sw|", "switches: ")]
    [InlineData("new List|", "List")]
    [InlineData("System.Globalization.Cult|", "CultureInfo")]
    [InlineData("fore|", "foreach")]
    [InlineData("NewVolume(\"1MiB\").scs|", "SearchCrashStates")]
    [InlineData("NewVolume(\"1MiB\").History.Calls[0].|", "Operation")]
    [InlineData("NewVolume(\"1MiB\").Machine?.Cl|", "Clock")]
    public void WhatCanStandAtAPlaceIsListed(string text, string expected) =>
        Assert.Contains(expected, Complete(text).Items.Select(item => item.Text));

    [Theory]
    [InlineData("// a comment |")]
    [InlineData("\"text |")]
    [InlineData("12|")]
    [InlineData("nonsense.|")]
    public void WhereNothingCanStandNothingIsListed(string text) => Assert.Empty(Complete(text).Items);

    [Theory]
    [InlineData("Math.|", "ToString")]
    [InlineData("\"text\".|", "IsNullOrEmpty")]
    [InlineData("To|", "ToString")]
    public void WhatCannotStandThereIsNot(string text, string name) =>
        Assert.DoesNotContain(name, Complete(text).Items.Select(item => item.Text));

    [Fact]
    public async Task WhatEarlierSubmissionsDeclaredComesFirst()
    {
        await _session.RunAsync("var checkedVolume = NewVolume(\"16MiB\");", null, default);
        Assert.Equal("checkedVolume", Complete("ch|").Items[0].Text);
        Assert.Equal(Enum.GetNames<SyncKind>().Order(), Complete("SyncKind.|").Items.Take(3).Select(item => item.Text));
        Assert.Contains("SearchCrashStates", Complete("checkedVolume.|").Items.Select(item => item.Text));
    }

    [Fact]
    public void AnItemSaysWhatItIs()
    {
        CompletionItem item = Complete("NewVolume(\"1MiB\").Create(\"/a\").WriteDir|").Items[0];
        Assert.Equal(CompletionKind.Method, item.Kind);
        Assert.StartsWith("long FileHandle.WriteDirect(long offsetBytes, ReadOnlyMemory<byte> bytes, SyncKind sync = ", item.Signature,
            StringComparison.Ordinal);
        Assert.StartsWith("Writes around the page cache", item.Summary.Value, StringComparison.Ordinal);
        CompletionItem verb = Complete("NewVolume(\"1MiB\").Crash|").Items[0];
        Assert.StartsWith("PowerCut Volume.Crash(int? cut = null", verb.Signature, StringComparison.Ordinal);
        Assert.StartsWith("Cuts the power", verb.Summary.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PathsInsideStringsAreTheVolumes()
    {
        await _session.RunAsync("var v = NewVolume(\"16MiB\"); v.Mkdir(\"/logs\"); v.Create(\"/logs/first\");", null, default);
        CompletionList folder = Complete("v.Open(\"/lo|");
        Assert.Equal(["logs/", "lost+found/"], folder.Items.Select(item => item.Text));
        Assert.Equal("lo", "v.Open(\"/lo".Substring(folder.Start, folder.Length));
        Assert.Equal("first", Assert.Single(Complete("v.Open(\"/logs/|").Items).Text);
        Assert.Equal("first", Assert.Single(Complete("v.Rename(\"/logs/f|\")").Items).Text);
        Assert.Empty(Complete("v.Open(\"/none/|").Items);
    }

    [Theory]
    [InlineData("NewVolume(\"16MiB\", protocol: \"Xf|", "XfsStyle")]
    [InlineData("var v = NewVolume(\"16MiB\", switches: [\"sync|", "ExtendAfterSync")]
    [InlineData("NewVolume(\"16MiB\", switches: [\"FuaSkipsSync\", \"sync|\"]", "ExtendAfterSync")]
    [InlineData("NewVolume(\"16MiB\", protocol: \"XfsStyle\", switches: [\"|", "InMemorySizeBeforeConversion")]
    [InlineData("var o = MountOptions.Default with { Protocol = \"xfsstyle\", Switches = [\"InM|", "InMemorySizeBeforeConversion")]
    [InlineData("var o = MountOptions.Default with { Protocol = \"xf|", "XfsStyle")]
    [InlineData("CompareProtocols(\"Ext4Iomap2023\", \"X|", "XfsStyle")]
    public void NamesOfProtocolsAndSwitchesStandInTheirStrings(string text, string expected) =>
        Assert.Equal(expected, Complete(text).Items[0].Text);

    [Fact]
    public void PathsOfTheHostAreListedElsewhere()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("disk.img"), "");
        string path = folder.Path.Replace('\\', '/');
        Assert.Equal("disk.img", Assert.Single(Complete($"OpenVolume(\"{path}/di|").Items).Text);
    }

    [Fact]
    public void SignaturesFollowTheArgumentThatIsTyped()
    {
        SignatureHelp first = Signatures("NewVolume(\"1MiB\").Create(\"/a\").WriteDirect(|");
        SignatureItem item = Assert.Single(first.Items);
        Assert.Equal("long FileHandle.WriteDirect", item.Name);
        Assert.Equal((0, 0), (first.Best, first.Parameter));
        Assert.Equal(2, Signatures("NewVolume(\"1MiB\").Create(\"/a\").WriteDirect(0, Fill('A', 1), |").Parameter);
        SignatureHelp overloaded = Signatures("NewVolume(\"a\", \"b\", \"c\", 4, \"d\", true, null, null, null, |)");
        Assert.Equal(2, overloaded.Items.Count);
        Assert.Equal(10, overloaded.Items[overloaded.Best].Parameters.Count);
        SignatureHelp named = Signatures("NewVolume(\"1MiB\", switches: |");
        Assert.StartsWith("string[]? switches", named.Items[named.Best].Parameters[named.Parameter], StringComparison.Ordinal);
        Assert.Contains("defects", named.Items[1].ParameterSummaries[9 - 1], StringComparison.Ordinal);
        Assert.Equal("StringBuilder", Signatures("new StringBuilder(|").Items[0].Name);
        Assert.Contains("DeviceModel? device = null", Signatures("NewVolume(\"1MiB\").SearchCrashStates(|").Items[0].Parameters);
        Assert.Empty(Signatures("1 + (|").Items);
        Assert.Empty(Signatures("Fill('A', 1)|").Items);
    }

    [Fact]
    public void TokensAreClassified()
    {
        const string code = "var v = Fill('A', 4096); // a fill";
        Assert.Equal(
            [("var", CodeKind.Keyword), ("v", CodeKind.Variable), ("Fill", CodeKind.Method), ("'A'", CodeKind.Text),
                ("4096", CodeKind.Number), ("// a fill", CodeKind.Comment)],
            _session.Classify(code).Select(span => (code.Substring(span.Start, span.Length), span.Kind)));
        const string types = "$\"{DateTime.Now}\".Length";
        Assert.Contains(("DateTime", CodeKind.Type),
            _session.Classify(types).Select(span => (types.Substring(span.Start, span.Length), span.Kind)));
        Assert.Contains(("Length", CodeKind.Property),
            _session.Classify(types).Select(span => (types.Substring(span.Start, span.Length), span.Kind)));
    }

    private CompletionList Complete(string text) => _session.Complete(text.Replace("|", "", StringComparison.Ordinal), text.IndexOf('|'));

    private SignatureHelp Signatures(string text) =>
        _session.Signatures(text.Replace("|", "", StringComparison.Ordinal), text.IndexOf('|'));
}
