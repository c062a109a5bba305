using System.Management.Automation;
using ExtShell.Engine.Volumes;

namespace ExtShell.PowerShell.Binding;

/// <summary>
/// What every cmdlet of the module does the same way: the work runs inside <see cref="Invoke"/>, and the engine's typed errors become error
/// records with stable ids (<c>Ext.ENOSPC</c>, <c>Ext.Corruption</c>, <c>Ext.Deadlock</c>), a category, and a recommended action.
/// </summary>
public abstract class ExtCmdlet : PSCmdlet
{
    /// <summary>Runs the work and reports its errors; they do not end the pipeline unless the caller says so.</summary>
    /// <param name="target">What the work is about, for the record.</param>
    /// <param name="work">The work.</param>
    protected void Invoke(object? target, Action work)
    {
        try
        {
            work();
        }
        catch (Exception failure) when (ErrorRecords.TryMake(failure, target, out ErrorRecord? record))
        {
            WriteError(record);
        }
    }

    /// <summary>
    /// Runs work on a volume, alone: pipelines in parallel runspaces take turns. What it returns is written when the volume is free again,
    /// so that what is behind in the pipeline may use any volume.
    /// </summary>
    /// <param name="volume">The volume.</param>
    /// <param name="target">What the work is about, for the record.</param>
    /// <param name="work">The work; null for no output.</param>
    /// <param name="enumerates">Whether the output's elements are written one by one.</param>
    protected void InvokeOn(Volume volume, object? target, Func<object?> work, bool enumerates = false) => Invoke(target, () =>
    {
        object? output;
        IReadOnlyList<string> doings = [];
        lock (VolumeRegistry.GateOf(volume))
        {
            var watch = DeviceWatch.Begin(volume);
            try
            {
                output = work();
            }
            finally
            {
                doings = watch.End();
            }
        }

        foreach (string doing in doings)
            WriteDebug(doing);
        if (output is not null)
            WriteObject(output, enumerates);
    });

    /// <summary>The path on the host that a user's path means, relative to PowerShell's location.</summary>
    protected string HostPath(string path) => SessionState.Path.GetUnresolvedProviderPathFromPSPath(path);
}
