using System.Management.Automation;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Cmdlets;

/// <summary>Reads around the page cache; short at the end of the file. The bytes come as one array, or as text.</summary>
[Cmdlet(VerbsCommunications.Read, "Direct")]
[OutputType(typeof(byte[]), typeof(string))]
public sealed class ReadDirect : VolumeFileCmdlet
{
    /// <summary>Where in the file, in bytes; 512 divides it.</summary>
    [Parameter(Position = 1)]
    [Size]
    public long Offset { get; set; }

    /// <summary>How much, in bytes; 512 divides it.</summary>
    [Parameter(Position = 2)]
    [Size]
    public long Length { get; set; } = 4096;

    /// <summary>Returns the bytes as UTF-8 text.</summary>
    [Parameter]
    public SwitchParameter AsText { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => Invoke(Path, () =>
    {
        if (Length < 0 || Length > Array.MaxLength)
            throw new FileSystemException(Errno.EINVAL, $"read {Path}", $"a read is 0 to {Array.MaxLength} bytes long, not {Length}");
        using FileHandle file = Volume.Open(Path, OpenOptions.ReadOnly);
        byte[] bytes = file.ReadDirect(Offset, (int)Length);
        WriteObject(AsText ? System.Text.Encoding.UTF8.GetString(bytes) : bytes, enumerateCollection: false);
    });
}
