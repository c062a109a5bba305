using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>The extended attributes of a file: names and values.</summary>
[Cmdlet(VerbsCommon.Get, "ExtendedAttribute")]
[OutputType(typeof(ExtendedAttribute))]
public sealed class GetExtendedAttribute : VolumeFileCmdlet
{
    /// <summary>The attribute's name, prefix included, such as user.comment; all where it is left out.</summary>
    [Parameter(Position = 1)]
    [Alias("Name")]
    public string? AttributeName { get; set; }

    /// <summary>Looks at a symbolic link itself rather than at what it leads to.</summary>
    [Parameter]
    public SwitchParameter NoFollow { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => InvokeOn(Volume, Path, () =>
    {
        IReadOnlyList<string> names = AttributeName is null ? Volume.ListXattrs(Path, !NoFollow) : [AttributeName];
        return names.Select(name => new ExtendedAttribute(Volume, Path, name, Volume.GetXattr(Path, name, !NoFollow))).ToArray();
    }, enumerates: true);
}
