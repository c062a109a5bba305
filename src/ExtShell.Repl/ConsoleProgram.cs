using ExtShell.Check;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;
using ExtShell.Scripting.Contracts;

namespace ExtShell.Repl;

/// <summary>The console program: runs a script, evaluates an expression, or prompts.</summary>
internal sealed class ConsoleProgram(TextReader input, TextWriter output, TextWriter errors)
{
    private const string Help = """
        extshell: a crash laboratory for direct I/O on ext4 volumes

        usage: extshell [options] [file.csx [arguments]]

          file.csx [arguments]   run a script; it sees its arguments in Args
          -e EXPR                evaluate one expression and print its value
          -                      run a script from standard input
          -h, --help             this text
          --version              the version

        Without arguments: a prompt. A submission may take several lines; #help helps, #exit or end of input leaves.

        What scripts and the prompt see: NewVolume("64MiB"), NewVolume("disk.img", "64MiB"), OpenVolume("disk.img"),
        CheckImage("disk.img"), Fill('A', 4096), Print(value), Args, Cancellation. A volume makes and opens files; volume.Crash(),
        volume.SearchCrashStates(), volume.Check() and volume.ExportFolder("out") say what a power cut can leave.

        Exit code: 0 clean, 1 the script returned a report with findings, 2 usage, 3 script error.
        """;

    public async Task<int> RunAsync(string[] arguments)
    {
        using var interrupt = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = !interrupt.IsCancellationRequested;
            interrupt.Cancel();
        };
        return (int)(arguments switch
        {
            [] => await new Prompt(input, output, errors).RunAsync(),
            ["-h" or "--help", ..] => Print(Help),
            ["--version", ..] => Print(typeof(ConsoleProgram).Assembly.GetName().Version!.ToString(3)),
            ["-e", var expression] => await RunScriptAsync(expression, null, [], printsValue: true, interrupt.Token),
            ["-e", ..] => Usage("-e takes one expression"),
            ["-", .. var rest] => await RunScriptAsync(await input.ReadToEndAsync(), "stdin", rest, printsValue: false, interrupt.Token),
            [['-', ..] option, ..] => Usage($"unknown option {option}"),
            [var path, .. var rest] => File.Exists(path)
                ? await RunScriptAsync(await File.ReadAllTextAsync(path), Path.GetFullPath(path), rest, printsValue: false, interrupt.Token)
                : Usage($"no such script: {path}"),
        });
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

    private async Task<ExitCode> RunScriptAsync(string code, string? path, string[] arguments, bool printsValue, CancellationToken cancellation)
    {
        using var experiment = new Experiment(arguments, output, cancellation);
        IScriptSession session = ScriptHostLoader.Host.NewSession(experiment);
        try
        {
            ScriptResult result = await session.RunAsync(code, path, cancellation);
            if (printsValue && result.HasValue)
                output.WriteLine(ValueText.Of(result.Value));
            return Judge(result.Value);
        }
        catch (ScriptCompilationException failure)
        {
            errors.WriteLine(failure.Message);
            return ExitCode.ScriptError;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            errors.WriteLine("extshell: cancelled");
            return ExitCode.ScriptError;
        }
        catch (Exception failure) when (failure is not InvariantException)
        {
            errors.WriteLine(ScriptFailure.Describe(failure, path));
            return ExitCode.ScriptError;
        }
    }

    private static ExitCode Judge(object? value) => value switch
    {
        CrashReport { IsClean: false } or CheckReport { IsClean: false } => ExitCode.Findings,
        _ => ExitCode.Clean,
    };
}
