using System.Reflection;
using System.Runtime.Loader;
using ExtShell.Lab.Crash;
using ExtShell.Scripting.Contracts;

namespace ExtShell.Scripting.Tests;

public sealed class ScriptSessionTests
{
    [Fact]
    public async Task RoslynIsInAContextOfItsOwnAndTheContractsAreNot()
    {
        using var experiment = new Experiment([], TextWriter.Null);
        Assert.Equal(new ScriptResult(true, 2), await ScriptHostLoader.Host.NewSession(experiment).RunAsync("1 + 1", null, default));
        Assembly[] loaded = AppDomain.CurrentDomain.GetAssemblies();
        Assert.All(
            loaded.Where(assembly => assembly.GetName().Name!.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal)),
            assembly => Assert.NotSame(AssemblyLoadContext.Default, AssemblyLoadContext.GetLoadContext(assembly)));
        Assert.Contains(loaded, assembly => assembly.GetName().Name == "Microsoft.CodeAnalysis");
        Assembly contracts = Assert.Single(loaded, assembly => assembly.GetName().Name == "ExtShell.Scripting.Contracts");
        Assert.Same(AssemblyLoadContext.Default, AssemblyLoadContext.GetLoadContext(contracts));
    }

    [Fact]
    public async Task AScriptThatAwaitsEndsByTheTokenAndTheSessionGoesOn()
    {
        using var source = new CancellationTokenSource();
        using var experiment = new Experiment([], TextWriter.Null, source.Token);
        IScriptSession session = ScriptHostLoader.Host.NewSession(experiment);
        await session.RunAsync("int kept = 5;", null, default);
        Task<ScriptResult> waiting = session.RunAsync("await Task.Delay(-1); return 1;", null, source.Token);
        Assert.False(waiting.IsCompleted);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(5, (await session.RunAsync("kept", null, default)).Value);
    }

    [Fact]
    public async Task ALongSearchEndsByTheTokenThatTheScriptSees()
    {
        using var source = new CancellationTokenSource();
        using var experiment = new Experiment([], TextWriter.Null, source.Token);
        IScriptSession session = ScriptHostLoader.Host.NewSession(experiment);
        await session.RunAsync(
            "var volume = NewVolume(\"16MiB\"); volume.Create(\"/log\").WriteDirect(0, Fill('A', 4096), SyncKind.Sync);", null, default);
        source.Cancel();
        ScriptResult report = await session.RunAsync(
            "volume.SearchCrashStates(options: new ExploreOptions { Cancellation = Cancellation })", null, default);
        Assert.False(Assert.IsType<CrashReport>(report.Value).IsComplete);
    }

    [Fact]
    public async Task ErrorsOfTheCompilerHaveTheirPlace()
    {
        using var experiment = new Experiment([], TextWriter.Null);
        IScriptSession session = ScriptHostLoader.Host.NewSession(experiment);
        var failure = await Assert.ThrowsAsync<ScriptCompilationException>(() => session.RunAsync("int a = 1;\n  wrong", null, default));
        ScriptDiagnostic diagnostic = failure.Diagnostics[0];
        Assert.Equal(("CS0103", 2, 3, 5, "  wrong"),
            (diagnostic.Id, diagnostic.Line, diagnostic.Column, diagnostic.Length, diagnostic.SourceLine));
    }

    [Theory]
    [InlineData("")]
    [InlineData("// nothing but a comment")]
    [InlineData("using System.Xml;")]
    [InlineData("#r \"System.Private.Xml\"")]
    public async Task WhatHasNoCodeRunsAndTheSessionGoesOn(string code)
    {
        using var experiment = new Experiment([], TextWriter.Null);
        IScriptSession session = ScriptHostLoader.Host.NewSession(experiment);
        await session.RunAsync("int kept = 5;", null, default);
        Assert.Equal(default, await session.RunAsync(code, null, default));
        Assert.Equal(5, (await session.RunAsync("kept", null, default)).Value);
        Assert.Equal(default, await ScriptHostLoader.Host.NewSession(experiment).RunAsync(code, Path.GetFullPath("empty.csx"), default));
    }

    [Theory]
    [InlineData("var v = ", false)]
    [InlineData("if (true) {", false)]
    [InlineData("int Twice(int number)", false)]
    [InlineData("var v = 1 +", false)]
    [InlineData("var v = 1", true)]
    [InlineData("1 + 1", true)]
    [InlineData("return 1", true)]
    [InlineData("return", false)]
    [InlineData("throw new Exception(\"a\")", true)]
    [InlineData("throw new Exception(", false)]
    [InlineData("", true)]
    public void ASubmissionIsWholeOrNot(string code, bool expected)
    {
        using var experiment = new Experiment([], TextWriter.Null);
        Assert.Equal(expected, ScriptHostLoader.Host.NewSession(experiment).IsComplete(code));
    }
}
