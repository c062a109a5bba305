using System.Management.Automation;
using System.Text;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Sets an extended attribute of a file: user.…, trusted.… or security.…</summary>
[Cmdlet(VerbsCommon.Set, "ExtendedAttribute", SupportsShouldProcess = true, DefaultParameterSetName = "Text")]
[OutputType(typeof(Volume))]
public sealed class SetExtendedAttribute : ChangeCmdlet
{
    /// <summary>The attribute's name, prefix included, such as user.comment.</summary>
    [Parameter(Mandatory = true, Position = 1)]
    [Alias("Name")]
    public string AttributeName { get; set; } = "";

    /// <summary>The value as text, stored as UTF-8.</summary>
    [Parameter(Mandatory = true, Position = 2, ParameterSetName = "Text")]
    [AllowEmptyString]
    public string Text { get; set; } = "";

    /// <summary>The value as bytes.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Value")]
    [AllowEmptyCollection]
    public byte[] Value { get; set; } = [];

    /// <summary>What is expected to be there: Any, Create (nothing), Replace (one of that name).</summary>
    [Parameter]
    public XattrMode Expect { get; set; }

    /// <summary>Changes a symbolic link itself rather than what it leads to.</summary>
    [Parameter]
    public SwitchParameter NoFollow { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Change($"Set {AttributeName}", () =>
        Volume.SetXattr(Path, AttributeName, ParameterSetName == "Text" ? Encoding.UTF8.GetBytes(Text) : Value, Expect, !NoFollow));
}
