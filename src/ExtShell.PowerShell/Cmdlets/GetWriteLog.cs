using System.Management.Automation;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>
/// What the device was asked to write since the volume was mounted, one object for each write and flush; or the log as a file.
/// </summary>
/// <remarks>
/// -OutFile writes the log in the format of the kernel's dm-log-writes target, which QEMU's blklogwrites writes too.
/// </remarks>
[Cmdlet(VerbsCommon.Get, "WriteLog")]
[OutputType(typeof(LoggedBio), typeof(WriteLog))]
public sealed class GetWriteLog : VolumeCmdlet
{
    /// <summary>Only what was written for this purpose: Data, Journal, Metadata, Zeroes…</summary>
    [Parameter]
    public ProvenanceKind[]? Kind { get; set; }

    /// <summary>Returns the log itself, with its start, its position and its marks.</summary>
    [Parameter]
    public SwitchParameter AsLog { get; set; }

    /// <summary>The file of the host to write the log to.</summary>
    [Parameter]
    public string? OutFile { get; set; }

    /// <summary>Leaves a mark with this text at the log's end.</summary>
    [Parameter]
    public string? Mark { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => InvokeOn(Volume, Volume, Answer, enumerates: true);

    private object? Answer()
    {
        WriteLog log = Volume.WriteLog;
        if (Mark is not null)
            log.Mark(Mark);
        if (OutFile is not null)
        {
            using FileStream stream = File.Create(HostPath(OutFile));
            WriteLogFile.Write(log, stream);
            return null;
        }

        if (AsLog)
            return log;
        return Mark is not null ? null : log.Bios.Where(bio => Kind is null || Kind.Contains(bio.Origin.Kind)).ToArray();
    }
}
