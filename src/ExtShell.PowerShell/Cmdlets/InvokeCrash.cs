using System.Management.Automation;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// Cuts the power at an instant and returns one state that the disk can be in then: mount it with Mount-Volume, check it with
/// Test-Consistency, step into it with Enter-CrashState. The volume itself goes on.
/// </summary>
/// <remarks>Search-CrashState looks at all states; this returns one of them, or with -AsCut the cut with the count of its states.</remarks>
[Cmdlet(VerbsLifecycle.Invoke, "Crash")]
[OutputType(typeof(CrashState), typeof(PowerCut))]
public sealed class InvokeCrash : DeviceModelCmdlet
{
    /// <summary>The instant, as a position of the write log; now, if it is not given.</summary>
    [Parameter]
    public int? Cut { get; set; }

    /// <summary>Which state: Sample, Oldest or Newest.</summary>
    [Parameter]
    public CrashPick State { get; set; } = CrashPick.Sample;

    /// <summary>The seed of the sample: the same seed, the same state.</summary>
    [Parameter]
    public int Seed { get; set; }

    /// <summary>Returns the cut itself, with its count of states, instead of one state.</summary>
    [Parameter]
    public SwitchParameter AsCut { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => InvokeOn(Volume, Volume, () =>
    {
        PowerCut cut = Volume.Crash(Cut, Model());
        WriteVerbose(cut.ToString());
        if (AsCut)
            return cut;
        return State switch
        {
            CrashPick.Oldest => cut.Oldest(),
            CrashPick.Newest => cut.Newest(),
            _ => cut.Sample(Seed),
        };
    });
}
