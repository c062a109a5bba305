using ExtShell.Engine.Volumes;

namespace ExtShell.PowerShell.Binding;

/// <summary>An asynchronous direct write between Start-Direct and Wait-Direct, with the handle that it was made on.</summary>
public sealed class PendingDirect
{
    internal PendingDirect(FileHandle file, DirectIo io)
    {
        File = file;
        Io = io;
    }

    /// <summary>The volume.</summary>
    public Volume Volume => File.Volume;

    /// <summary>
    /// The file's path inside the volume; not called Path, so that no cmdlet for the host's files takes it for one of theirs.
    /// </summary>
    public string InnerPath => File.Path;

    /// <summary>Where in the file, in bytes.</summary>
    public long OffsetBytes => Io.OffsetBytes;

    /// <summary>How much, in bytes.</summary>
    public int LengthBytes => Io.LengthBytes;

    /// <summary>Whether its completion was delivered.</summary>
    public bool IsAcknowledged => Io.IsAcknowledged;

    /// <summary>How many bytes were written; 0 before it is acknowledged.</summary>
    public long Result => Io.Result;

    internal FileHandle File { get; }

    internal DirectIo Io { get; }
}
