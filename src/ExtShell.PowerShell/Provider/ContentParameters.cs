using System.Management.Automation;
using System.Text;
using ExtShell.PowerShell.Binding;

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

    /// <summary>The encoding of text; UTF-8 without it.</summary>
    [Parameter]
    [EncodingArgument]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
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

    /// <summary>The encoding of text; UTF-8 without it.</summary>
    [Parameter]
    [EncodingArgument]
    [ArgumentCompleter(typeof(EncodingCompleter))]
    public Encoding Encoding { get; set; } = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
}
