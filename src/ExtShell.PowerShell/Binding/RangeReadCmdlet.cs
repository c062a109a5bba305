using System.Management.Automation;
using System.Text;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.PowerShell.Binding;

/// <summary>Parameters of the cmdlets that read a range of a file.</summary>
public abstract class RangeReadCmdlet : VolumeFileCmdlet
{
    /// <summary>Where in the file, in bytes; of a direct read a multiple of 512.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Size]
    [Alias("OffsetBytes")]
    public long Offset { get; set; }

    /// <summary>How much, in bytes; of a direct read a multiple of 512.</summary>
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true)]
    [Size]
    [Alias("LengthBytes")]
    public long Length { get; set; } = 4096;

    /// <summary>Returns the bytes as UTF-8 text.</summary>
    [Parameter]
    public SwitchParameter AsText { get; set; }

    /// <summary>Reads.</summary>
    /// <param name="read">How: handle, offset and length to bytes.</param>
    protected void Read(Func<FileHandle, long, int, byte[]> read) => InvokeOn(Volume, Path, () =>
    {
        if (Length < 0 || Length > Array.MaxLength)
            throw new FileSystemException(Errno.EINVAL, $"read {Path}", $"a read is 0 to {Array.MaxLength} bytes long, not {Length}");
        using FileHandle file = Volume.Open(Path, OpenOptions.ReadOnly);
        byte[] bytes = read(file, Offset, (int)Length);
        return AsText ? Encoding.UTF8.GetString(bytes) : bytes;
    });
}
