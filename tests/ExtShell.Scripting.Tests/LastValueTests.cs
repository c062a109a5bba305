using ExtShell.Scripting.Contracts;

namespace ExtShell.Scripting.Tests;

public sealed class LastValueTests : IDisposable
{
    private readonly Experiment _experiment = new([], TextWriter.Null);
    private readonly IScriptSession _session;

    public LastValueTests() => _session = ScriptHostLoader.Host.NewSession(_experiment);

    public void Dispose() => _experiment.Dispose();

    [Fact]
    public async Task AnUnderscoreIsTheLastValueWithItsType()
    {
        await Run("6 * 7");
        Assert.Equal(43, await Run("_ + 1"));
        await Run("\"text\"");
        Assert.Equal(4, await Run("_.Length"));
        await Run("new List<int> { 1, 2 }.Where(n => n > 1)");
        Assert.Equal(2, await Run("_.First()"));
        await Run("new { Name = \"a\" }");
        Assert.Equal("a", await Run("_.Name"));
        await Run("int declared = 5;");
        Assert.Equal("a!", await Run("_ + \"!\""));
        await Run("(object)null");
        Assert.Null(await Run("_"));
    }

    [Fact]
    public async Task WhereItIsADiscardItStaysOne()
    {
        await Run("\"text\"");
        await Run("_.Length");
        Assert.Equal(true, await Run("int.TryParse(\"5\", out _)"));
        await Run("_ = 5;");
        await Run("(_, var two) = (1, 2);");
        Assert.Equal(2, await Run("two"));
        Assert.Equal(3, await Run("new[] { 1, 2, 3 }.Count(_ => true)"));
        Assert.Equal("other", await Run("5 switch { 1 => \"one\", _ => \"other\" }"));
    }

    [Fact]
    public async Task MessagesShowWhatWasTyped()
    {
        await Run("1");
        var failure = await Assert.ThrowsAsync<ScriptCompilationException>(() => Run("_.Nothing"));
        Assert.Equal("_.Nothing", failure.Diagnostics[0].SourceLine);
    }

    [Fact]
    public async Task TheVariablesAreListedTheNewestFirst()
    {
        await Run("int a = 1; string b = \"two\";");
        await Run("a + 1");
        await Run("_ + 1");
        await Run("var a = 3.0;");
        Assert.Equal([new ScriptVariable("a", 3.0), new ScriptVariable("b", "two")], _session.Variables);
    }

    [Fact]
    public void SubmissionsBecomeAScript()
    {
        string script = _session.ToScript(
        [
            new SessionEntry("var a = 1", "{0};"),
            new SessionEntry("a + 1", "Print({0});"),
            new SessionEntry("void Nothing() { }", "{0};"),
            new SessionEntry("var a = 2;", "{0};"),
            new SessionEntry("_ * 2", "Print({0});"),
            new SessionEntry("int.TryParse(\"5\", out _) ? _ : 0", "Print({0});"),
            new SessionEntry("#r \"System.Xml\"", "Print({0});"),
            new SessionEntry("Print(a)", "{0};"),
        ]);
        Assert.Equal("""
            #r "System.Xml"
            var a = 1;
            var last2 = a + 1;
            Print(last2);
            void Nothing() { }
            a = 2;
            var last5 = last2 * 2;
            Print(last5);
            Print(int.TryParse("5", out _) ? last5 : 0);
            Print(a);

            """, script);
        Assert.Empty(_session.Check(script));
        Assert.Equal("CS0103", Assert.Single(_session.Check("int b = nonsense;")).Id);
    }

    private async Task<object?> Run(string code) => (await _session.RunAsync(code, null, default)).Value;
}
