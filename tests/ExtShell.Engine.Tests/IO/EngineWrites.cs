using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO;
using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Tests.IO;

/// <summary>Direct writes asked of the engine itself: appends, and writes that do not wait.</summary>
internal static class EngineWrites
{
    private const int Call = 1000;

    public static Inode InodeOf(this TestVolume host, FileHandle file) => host.Volume.Inodes.Find(file.Inode)!;

    /// <summary>Writes and says what came back.</summary>
    public static (long Written, Errno Error) Write(
        this TestVolume host, FileHandle file, long offset, byte[] bytes, bool isAppend = false, bool isNoWait = false,
        SyncKind sync = SyncKind.None, Caller caller = default)
    {
        var request = new DirectRequest(host.InodeOf(file), offset, bytes, sync, Call, isAppend, isNoWait, caller);
        try
        {
            return (host.Machine.Run(() => host.Volume.Engine.WriteAsync(request)), Errno.None);
        }
        catch (FileSystemException failed)
        {
            return (0, failed.Errno);
        }
    }

    /// <summary>Submits.</summary>
    public static WriteEnd Start(
        this TestVolume host, FileHandle file, long offset, byte[] bytes, bool isAppend = false, bool isNoWait = false)
    {
        var end = new WriteEnd();
        var request = new DirectRequest(host.InodeOf(file), offset, bytes, SyncKind.None, Call, isAppend, isNoWait);
        host.Machine.Run(() => host.Volume.Engine.StartAsync(request, end));
        return end;
    }

    /// <summary>How an asynchronous write ended.</summary>
    public sealed class WriteEnd : IDirectWriteEnd
    {
        public bool IsAcknowledged { get; private set; }

        public long LengthBytes { get; private set; }

        public Errno Error { get; private set; }

        public void Acknowledge(long lengthBytes, Errno error) => (IsAcknowledged, LengthBytes, Error) = (true, lengthBytes, error);
    }
}
