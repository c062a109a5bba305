using System.Management.Automation;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Provider;

/// <summary>What Get-ChildItem takes on a drive besides its own.</summary>
public sealed class ChildParameters
{
    /// <summary>Only what is no directory.</summary>
    [Parameter]
    public SwitchParameter File { get; set; }

    /// <summary>Only directories.</summary>
    [Parameter]
    [Alias("ad")]
    public SwitchParameter Directory { get; set; }

    /// <summary>Whether an item is wanted.</summary>
    internal bool Wants(VolumeItem item) => File == Directory || (item.PSIsContainer ? Directory : File);
}
