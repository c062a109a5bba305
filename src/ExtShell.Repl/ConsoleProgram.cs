using ExtShell.Format.Errors;
using ExtShell.Repl.Display;
using ExtShell.Repl.Editing;
using ExtShell.Repl.Prompting;
using ExtShell.Repl.Running;
using ExtShell.Scripting.Contracts;
using ExtShell.Scripting.Contracts.Running;

namespace ExtShell.Repl;

/// <summary>The console program: runs a script, evaluates an expression, or prompts.</summary>
internal sealed class ConsoleProgram(TextReader input, TextWriter output, TextWriter errors)
{
    private const string Help = """
        extshell: a crash laboratory for direct I/O on ext4 volumes

        usage: extshell [options] [file.csx [arguments]]

          file.csx [arguments]   run a script; it sees them as Args, and name=value also as Argument<int>("name")
          -                      run a script from standard input
          -e EXPR [arguments]    evaluate one expression and show its value, if it has one
          -i                     a prompt after the script, which sees what it declared
          --json                 results as JSON lines: what a script returns, and what -e or a prompt shows; what is printed goes
                                 to standard error
          --svg FILE             the result as a picture: what a terminal would show of what a script returns, or of -e
          --                     no option follows: what comes next is the script, or the arguments of -e
          -h, --help             this text
          --version              the version

        Without arguments: a prompt. A submission may take several lines; #help helps, #exit or end of input leaves.

        What scripts and the prompt see: NewVolume("64MiB"), NewVolume("disk.img", "64MiB"), OpenVolume("disk.img"),
        CheckImage("disk.img"), Fill('A', 4096), Map(file), SearchCrashStates(volume), ReadScenario("a.scenario"),
        SearchSchedules(scenario), GetProtocols(), CompareProtocols("one", "other"), Print(value),
        WriteProgress("activity", "status"), Args, Argument<T>("name"), Cancellation. A volume makes and opens files;
        volume.Crash(), volume.SearchCrashStates(), volume.Check() and volume.ExportFolder("out") say what a power cut
        can leave. #load "file.csx", #r "assembly.dll" and #r "nuget: Name, 1.2.3" bring in what else is needed.

        Ctrl+C stops a script; what has not stopped a second later is aborted. NO_COLOR leaves out colours; a pipe or a file gets
        plain text.
        Compiled scripts are kept in the user's cache folder (EXTSHELL_CACHE), the prompt's history in the data folder (EXTSHELL_DATA).

        Exit code: 0 clean, 1 the script returned a report with findings, 2 usage, 3 script error, Ctrl+C, or a closed pipe.
        """;

    public int Run(string[] arguments)
    {
        try
        {
            return (int)(ProgramArguments.Parse(arguments) switch
            {
                { Error: { } error } => Usage(error),
                { WantsHelp: true } => Print(Help),
                { WantsVersion: true } => Print(typeof(ConsoleProgram).Assembly.GetName().Version!.ToString(3)),
                var known => Run(known),
            });
        }
        catch (OutputClosedException)
        {
            return (int)ExitCode.ScriptError;
        }
    }

    private ExitCode Print(string text)
    {
        output.WriteLine(text);
        return ExitCode.Clean;
    }

    private ExitCode Usage(string text)
    {
        errors.WriteLine($"extshell: {text}");
        errors.WriteLine("Try 'extshell --help'.");
        return ExitCode.Usage;
    }

    private ExitCode Run(ProgramArguments arguments)
    {
        var screen = new Screen(output, errors, arguments.IsJson);
        using var session = new PromptSession(screen, arguments.Rest);
        ExitCode code = arguments switch
        {
            { Expression: { } expression } => RunScript(session, screen, () => expression, null, arguments),
            { Script: "-" } => RunScript(session, screen, input.ReadToEnd, "stdin", arguments),
            { Script: { } path } => RunScript(session, screen, () => File.ReadAllText(path), Path.GetFullPath(path), arguments),
            _ => ExitCode.Clean,
        };
        bool wantsPrompt = arguments.IsPrompt || arguments.IsInteractive;
        return wantsPrompt ? new Prompt(Reader(session, arguments), session, screen).Run() : code;
    }

    /// <summary>A line editor on a terminal, else lines as they come; where results are JSON the prompt is none of them.</summary>
    private ISubmissionReader Reader(PromptSession session, ProgramArguments arguments) =>
        Console.IsInputRedirected || Console.IsOutputRedirected || Screen.IsDumb
        ? new LineReader(input, arguments.IsJson ? errors : output, session)
        : new LineEditor(new Terminal(output), session, History.OfUser());

    private static ExitCode RunScript(PromptSession session, Screen screen, Func<string> read, string? path, ProgramArguments arguments)
    {
        try
        {
            ScriptResult result = session.Evaluate(read(), path, value =>
            {
                if (arguments.Picture is { } picture)
                    File.WriteAllText(picture, SvgPicture.Of(Pictures.Of(value)));
                else if (path is null || arguments.IsJson)
                    screen.Show(value);
            });
            if (arguments.Picture is not null && !result.HasValue)
                throw new InvalidOperationException("--svg draws a result, and there is none: return it, or end in an expression");
            if (Verdict.HasFindings(result.Value))
            {
                if (path is not null)
                    screen.ShowError($"extshell: {Path.GetFileName(path)} returned findings: {Verdict.Headline(result.Value!)}");
                return ExitCode.Findings;
            }

            if (!session.WasCancelled)
                return ExitCode.Clean;
            screen.ShowError("extshell: cancelled"); // it ended in good order, but what it did not look at cannot be called clean
        }
        catch (EvaluationAbortedException aborted)
        {
            screen.ShowError($"extshell: {aborted.Message}");
        }
        catch (OperationCanceledException) when (session.WasCancelled)
        {
            screen.ShowError("extshell: cancelled");
        }
        catch (Exception failure) when (failure is not (InvariantException or OutputClosedException))
        {
            screen.ShowError(failure, session.PlaceOf(failure));
        }

        return ExitCode.ScriptError;
    }
}
