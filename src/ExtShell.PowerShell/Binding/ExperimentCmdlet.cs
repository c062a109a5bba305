using System.Collections;
using System.Globalization;
using System.Management.Automation;
using ExtShell.Scripting.Contracts;
using ExtShell.Scripting.Contracts.Running;

namespace ExtShell.PowerShell.Binding;

/// <summary>What the cmdlets that run C# share: arguments, output, progress, errors, Ctrl+C.</summary>
public abstract class ExperimentCmdlet : ExtCmdlet, IDisposable
{
    private readonly SearchPump _pump = new();

    /// <summary>
    /// The script's arguments: a table of names and values, which the script asks for as <c>Argument&lt;T&gt;("name")</c>, or a list, which
    /// it sees as <c>Args</c>.
    /// </summary>
    [Parameter]
    [Alias("ArgumentList")]
    public object? Argument { get; set; }

    /// <summary>What a script sees as its own members.</summary>
    protected Experiment NewExperiment()
    {
        object? given = Argument is PSObject wrapped ? wrapped.BaseObject : Argument;
        Action<object?> print = value => _pump.Say(() => Write(value));
        var progress = new ProgressWriter(this);
        if (given is IDictionary table)
        {
            var named = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
            foreach (DictionaryEntry entry in table)
                named[Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!] = entry.Value is PSObject value
                    ? value.BaseObject
                    : entry.Value;
            return new Experiment([], print, _pump.Cancellation) { Arguments = named, ProgressListener = progress };
        }

        string[] list = given switch
        {
            null => [],
            string one => [one],
            IEnumerable many => [.. many.Cast<object?>().Select(static item => Convert.ToString(item, CultureInfo.InvariantCulture) ?? "")],
            _ => [Convert.ToString(given, CultureInfo.InvariantCulture) ?? ""],
        };
        return new Experiment(list, print, _pump.Cancellation) { ProgressListener = progress };
    }

    /// <summary>Runs a submission, and writes what it returns.</summary>
    protected void Submit(IScriptSession session, string code, string? path)
    {
        IReadOnlyList<ErrorRecord> records = [];
        ScriptResult result = _pump.Run(
            () =>
            {
                try
                {
                    return AbortableEvaluation.Run(() => session.RunAsync(code, path, _pump.Cancellation), _pump.Cancellation);
                }
                catch (OperationCanceledException)
                {
                    return default;
                }
#pragma warning disable CA1031 // whatever a user's script throws is told as an error of the script
                catch (Exception failure)
                {
                    records = RecordsOf(failure, session.FindPlace(failure), path);
                    return default;
                }
#pragma warning restore CA1031
            },
            static _ => { });
        foreach (ErrorRecord record in records)
            WriteError(record);
        if (records.Count == 0 && result.HasValue)
            Write(result.Value);
    }

    /// <summary>Writes a value: to the pipeline, unless the cmdlet says otherwise.</summary>
    protected virtual void Write(object? value) => WriteObject(value, enumerateCollection: value is not byte[]);

    /// <inheritdoc/>
    protected override void StopProcessing() => _pump.Stop();

    /// <summary>Frees what stopping needs.</summary>
    public void Dispose() => _pump.Dispose();

    private static IReadOnlyList<ErrorRecord> RecordsOf(Exception failure, ScriptPlace? place, string? path)
    {
        if (failure is ScriptCompilationException wrong)
            return [.. wrong.Diagnostics.Select(diagnostic => ScriptErrors.RecordOf(wrong, diagnostic))];
        object? target = place is null ? path : ScriptErrors.TargetOf(place);
        return [ErrorRecords.TryMake(failure, target, out ErrorRecord? known)
            ? known
            : new ErrorRecord(failure, "Ext.Script", ErrorCategory.NotSpecified, target)];
    }

    private sealed class ProgressWriter(ExperimentCmdlet cmdlet) : IProgress<ScriptProgress>
    {
        public void Report(ScriptProgress value) => cmdlet._pump.Say(() => cmdlet.WriteProgress(
            new ProgressRecord(1, value.Activity, value.Status.Length == 0 ? " " : value.Status)
            {
                PercentComplete = value.Percent,
                RecordType = value.IsDone ? ProgressRecordType.Completed : ProgressRecordType.Processing,
            }));
    }
}
