using System.Management.Automation;

namespace ExtShell.PowerShell.Provider;

/// <summary>What Get-Content takes on a drive besides its own.</summary>
public sealed class ReadContentParameters
{
    /// <summary>Returns the content as one text.</summary>
    [Parameter]
    public SwitchParameter Raw { get; set; }

    /// <summary>Returns bytes; with -Raw as one array.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }
}

/// <summary>What Set-Content and Add-Content take on a drive besides their own.</summary>
public sealed class WriteContentParameters
{
    /// <summary>Writes no end of line after each value.</summary>
    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    /// <summary>Values are bytes.</summary>
    [Parameter]
    public SwitchParameter AsByteStream { get; set; }
}
