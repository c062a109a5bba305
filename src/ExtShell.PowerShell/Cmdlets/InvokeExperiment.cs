using System.Management.Automation;
using ExtShell.PowerShell.Binding;
using ExtShell.Scripting.Contracts;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// Runs a C# script, a file or code, with the verbs and objects that cmdlets use. What it prints and what it returns go to the pipeline.
/// </summary>
/// <remarks>
/// The script host and its compiler are loaded when the first script runs, in a context of their own. Volumes that the script made are
/// unmounted when it ends, unless -KeepVolume. Ctrl+C cancels the script's searches and waits.
/// </remarks>
[Cmdlet(VerbsLifecycle.Invoke, "Experiment", DefaultParameterSetName = "Path")]
[OutputType(typeof(object))]
public sealed class InvokeExperiment : ExperimentCmdlet
{
    /// <summary>The script's file.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    public string Path { get; set; } = "";

    /// <summary>The script itself.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Code")]
    public string Code { get; set; } = "";

    /// <summary>Leaves the volumes that the script made mounted, until the module is removed.</summary>
    [Parameter]
    public SwitchParameter KeepVolume { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Path, () =>
    {
        string? path = ParameterSetName == "Path" ? HostPath(Path) : null;
        string code = path is null ? Code : File.ReadAllText(path);
        Experiment experiment = NewExperiment();
        try
        {
            Submit(ScriptHostLoader.Host.NewSession(experiment), code, path);
        }
        finally
        {
            if (KeepVolume)
                VolumeRegistry.DisposeAtRemoval(experiment);
            else
                experiment.Dispose();
        }
    });
}
