using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Makes a new file system where one is: on a mounted volume of ExtShell, or in an image file. Everything on it is lost.</summary>
/// <remarks>
/// It takes ExtShell's volumes and paths of image files, and nothing else: no drive letters, no devices of the host. The new volume is
/// mounted and returned; the object of the old one is unmounted.
/// </remarks>
[Cmdlet(VerbsCommon.Format, "Volume", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High, DefaultParameterSetName = "Volume")]
[OutputType(typeof(Volume))]
public sealed class FormatVolume : MakeCmdlet
{
    /// <summary>The mounted volume.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Volume", ValueFromPipeline = true)]
    public Volume Volume { get; set; } = null!;

    /// <summary>The image file.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Path", ValueFromPipelineByPropertyName = true)]
    [Alias("FullName")]
    public string Path { get; set; } = "";

    /// <summary>Does not ask.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string target = ParameterSetName == "Path" ? HostPath(Path) : Volume.ToString();
        bool asks = !Force || MyInvocation.BoundParameters.ContainsKey("WhatIf");
        if (asks && !ShouldProcess(target, "Make a new file system; everything on it is lost"))
            return;
        if (ParameterSetName == "Path")
        {
            Invoke(target, () => WriteObject(VolumeRegistry.Keep(Laboratory.FormatImage(target, Make(null, isInMemory: false), Mount()))));
            return;
        }

        bool isInMemory = VolumeRegistry.ImagePathOf(Volume) is null;
        InvokeOn(Volume, Volume, () => VolumeRegistry.Replace(Volume, Volume.Format(Make(null, isInMemory), Mount())));
    }
}
