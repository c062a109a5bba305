using System.Management.Automation;
using System.Text;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.PowerShell.Binding;

/// <summary>Parameters of the cmdlets that write: bytes as they are, a text, or a character repeated.</summary>
public abstract class PayloadCmdlet : ChangeCmdlet
{
    /// <summary>Where in the file, in bytes.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true)]
    [Size]
    [Alias("OffsetBytes")]
    public long Offset { get; set; }

    /// <summary>The bytes to write.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Bytes", ValueFromPipelineByPropertyName = true)]
    public byte[] Bytes { get; set; } = [];

    /// <summary>The text to write, as UTF-8 and without an end of line.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Text", ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    public string Text { get; set; } = "";

    /// <summary>The character with which the range is filled.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Fill", ValueFromPipelineByPropertyName = true)]
    public char Fill { get; set; }

    /// <summary>How much is filled, in bytes.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Fill", ValueFromPipelineByPropertyName = true)]
    [Size]
    [Alias("LengthBytes")]
    public long Length { get; set; }

    /// <summary>O_SYNC: bytes, size and times are durable when the write is acknowledged.</summary>
    [Parameter]
    public SwitchParameter Sync { get; set; }

    /// <summary>O_DSYNC: bytes, and what is needed to read them, are durable when the write is acknowledged.</summary>
    [Parameter]
    public SwitchParameter DataSync { get; set; }

    /// <summary>O_APPEND: writes at the end of the file, whatever -Offset says.</summary>
    [Parameter]
    public SwitchParameter Append { get; set; }

    /// <summary>RWF_NOWAIT: fails with EAGAIN where the write would have to wait.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    /// <summary>How the file is opened.</summary>
    protected OpenOptions Opening => Append ? OpenOptions.Create | OpenOptions.Append : OpenOptions.Create;

    /// <summary>What is to be written.</summary>
    /// <exception cref="FileSystemException">EINVAL: the length is negative or more than one write can have, or the character is more than
    /// a byte.</exception>
    protected byte[] Payload()
    {
        if (ParameterSetName == "Bytes")
            return Bytes;
        if (ParameterSetName == "Text")
            return Encoding.UTF8.GetBytes(Text);
        if (Length < 0 || Length > Array.MaxLength)
            throw new FileSystemException(Errno.EINVAL, $"write to {Path}", $"a write is 0 to {Array.MaxLength} bytes long, not {Length}");
        if (Fill > byte.MaxValue)
            throw new FileSystemException(Errno.EINVAL, $"write to {Path}", $"'{Fill}' is more than a byte: -Text writes it as UTF-8");
        var bytes = new byte[Length];
        bytes.AsSpan().Fill((byte)Fill);
        return bytes;
    }

    /// <summary>What the write promises.</summary>
    protected SyncKind Promise => Sync ? SyncKind.Sync : DataSync ? SyncKind.DataSync : SyncKind.None;
}
