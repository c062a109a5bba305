using System.Management.Automation;
using ExtShell.Engine.Volumes;

namespace ExtShell.PowerShell.Binding;

/// <summary>
/// What the cmdlets that change a volume do the same way: ask with -WhatIf and -Confirm, and pass the volume on with -PassThru.
/// </summary>
public abstract class ChangeCmdlet : VolumeFileCmdlet
{
    /// <summary>Passes the volume on.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Changes the volume, if it shall be.</summary>
    /// <param name="action">What will be done, for -WhatIf and -Confirm.</param>
    /// <param name="work">The change.</param>
    protected void Change(string action, Action work)
    {
        if (!ShouldProcess(Path, action))
        {
            if (PassThru)
                WriteObject(Volume);
            return;
        }

        InvokeOn(Volume, Path, () =>
        {
            work();
            WriteVerbose($"{Path}: {action}");
            return PassThru ? Volume : null;
        });
    }

    /// <summary>Changes a file through a handle that is open meanwhile.</summary>
    /// <param name="action">What will be done, for -WhatIf and -Confirm.</param>
    /// <param name="options">How the file is opened.</param>
    /// <param name="work">The change.</param>
    protected void ChangeFile(string action, OpenOptions options, Action<FileHandle> work) => Change(action, () =>
    {
        using FileHandle file = Volume.Open(Path, options);
        work(file);
    });
}
