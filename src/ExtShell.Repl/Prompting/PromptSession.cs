using ExtShell.Engine.Volumes;
using ExtShell.Repl.Display;
using ExtShell.Repl.Running;
using ExtShell.Scripting.Contracts;

namespace ExtShell.Repl.Prompting;

/// <summary>
/// The session of a script or a prompt: the experiment that submissions see, and what they have declared; it can be begun anew.
/// </summary>
internal sealed class PromptSession : IDisposable
{
    private readonly Screen _screen;
    private readonly IReadOnlyList<string> _arguments;
    private readonly List<SessionEntry> _entries = [];
    private string _submitted = "";

    public PromptSession(Screen screen, IReadOnlyList<string> arguments)
    {
        (_screen, _arguments) = (screen, arguments);
        (Experiment, Scripts) = Begin();
    }

    public Experiment Experiment { get; private set; }

    public IScriptSession Scripts { get; private set; }

    /// <summary>What has run without an error, for saving.</summary>
    public IReadOnlyList<SessionEntry> Entries => _entries;

    /// <summary>Whether Ctrl+C was pressed in the last evaluation.</summary>
    public bool WasCancelled { get; private set; }

    /// <summary>
    /// The volume that the prompt shows: the newest variable that holds a mounted one, else the last that was made or opened.
    /// </summary>
    public Volume? Volume => VolumeVariable.Value as Volume ?? Experiment.Volumes.LastOrDefault(volume => volume.IsMounted);

    /// <summary>The name of the variable that holds <see cref="Volume"/>; empty for none.</summary>
    public string VolumeName => VolumeVariable.Name ?? "";

    private ScriptVariable VolumeVariable => Scripts.Variables.FirstOrDefault(variable => variable.Value is Volume { IsMounted: true });

    /// <summary>Runs a submission, and shows its value; Ctrl+C ends either.</summary>
    /// <remarks>
    /// A value may be a sequence that is computed, and fails or never ends, while it is shown: so that is part of the evaluation. What a
    /// submission still returned when it was cancelled, such as half a search, is shown when nothing can abort it any more.
    /// </remarks>
    public ScriptResult Evaluate(string code, string? path, Action<object?> show)
    {
        WasCancelled = false;
        _submitted = code.Trim();
        bool isShown = false;
        ScriptResult result = Evaluation.Run(
            async cancellation =>
            {
                cancellation.Register(() => WasCancelled = true);
                Experiment.Cancellation = cancellation;
                ScriptResult found = await Scripts.RunAsync(code, path, cancellation);
                Remember(code, path, found);
                isShown = found.HasValue && !cancellation.IsCancellationRequested;
                if (isShown)
                    show(found.Value);
                return found;
            },
            () => _screen.ShowError("it does not stop; Ctrl+C again ends the program"));
        if (result.HasValue && !isShown)
            show(result.Value);
        return result;
    }

    private void Remember(string code, string? path, ScriptResult result)
    {
        string form = Verdict.IsReport(result.Value) ? "Keep({0});" : result.HasValue ? "Print({0});" : "{0};";
        _entries.Add(path is null ? new SessionEntry(code, form) : new SessionEntry($"#load \"{path}\"", form));
    }

    /// <summary>Where in the scripts the last evaluation failed; null where it is the one line that was submitted.</summary>
    public ScriptPlace? PlaceOf(Exception failure) =>
        Scripts.FindPlace(failure) is { } place && (place.Path.Length > 0 || place.SourceLine != _submitted) ? place : null;

    /// <summary>Forgets everything: unmounts what is mounted, and begins with nothing declared.</summary>
    public void Reset()
    {
        Experiment.Dispose();
        _entries.Clear();
        (Experiment, Scripts) = Begin();
    }

    public void Dispose() => Experiment.Dispose();

    private (Experiment, IScriptSession) Begin()
    {
        var experiment = new Experiment(_arguments, _screen.Print) { ProgressListener = _screen.Progress };
        return (experiment, ScriptHostLoader.Host.NewSession(experiment));
    }
}
