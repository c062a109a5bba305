using System.Management.Automation;
using ExtShell.Check;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Checks a volume, an image file or a crash state; returns the report, or with -Quiet whether it is clean.</summary>
[Cmdlet(VerbsDiagnostic.Test, "Consistency", DefaultParameterSetName = "Volume")]
[OutputType(typeof(CheckReport), typeof(bool))]
public sealed class TestConsistency : ExtCmdlet
{
    /// <summary>A volume, also by its number: what its disk would hold after an unmount.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Volume", ValueFromPipeline = true)]
    [VolumeArgument(OnlyNumbers = true)]
    [ArgumentCompleter(typeof(VolumeCompleter))]
    public Volume Volume { get; set; } = null!;

    /// <summary>An image file, as it stands.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Path", ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    public string Path { get; set; } = "";

    /// <summary>A crash state, or a finding that shows it, after recovery; it stays as it is.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "CrashState", ValueFromPipeline = true)]
    [CrashStateArgument]
    public CrashState CrashState { get; set; } = null!;

    /// <summary>Returns whether it is clean instead of the report.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Path, () =>
    {
        CheckReport report = ParameterSetName switch
        {
            "Path" => Laboratory.CheckImage(HostPath(Path)),
            "CrashState" => Laboratory.CheckCrashState(CrashState),
            _ => CheckVolume(),
        };
        WriteObject(Quiet ? report.IsClean : report);
    });

    private CheckReport CheckVolume()
    {
        lock (VolumeRegistry.GateOf(Volume))
            return Volume.Check();
    }
}
