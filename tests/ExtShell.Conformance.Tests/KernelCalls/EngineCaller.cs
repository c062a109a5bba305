using System.Globalization;
using System.Security.Cryptography;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Conformance.Tests.KernelCalls;

/// <summary>Makes calls on a volume of the engine, and says how they ended: the result, or the errno.</summary>
internal sealed partial class EngineCaller(Volume volume)
{
    private readonly FileHandle?[] _slots = new FileHandle?[8];
    private readonly Dictionary<int, (FileHandle File, DirectIo Io)> _inFlight = [];

    public string Make(VolumeCall call)
    {
        try
        {
            return Call(call);
        }
        catch (FileSystemException failed)
        {
            return ((int)failed.Errno).ToString(CultureInfo.InvariantCulture) + "!";
        }
    }

    /// <summary>
    /// Whether it is a direct append to a file that ends inside a sector: the kernel allocates, and frees what lies past the end, before it
    /// refuses.
    /// </summary>
    public bool IsMisalignedAppend(VolumeCall call) =>
        call is { Kind: CallKind.Write or CallKind.Start, IsDirect: true } && _slots[call.Slot] is { } file
        && file.Options.HasFlag(OpenOptions.Append) && file.Stat().SizeBytes % 512 != 0;

    /// <summary>Whether pages of the call's range are cached.</summary>
    public bool HasCached(VolumeCall call) => _slots[call.Slot] is { } file
        && volume.Inodes.Live()
            .Any(inode => inode.Number == file.Inode && inode.HasPages && inode.Pages.HasPages(call.Offset, call.Length));

    /// <summary>Whether the call's range ends with its file.</summary>
    public bool EndsWithFile(VolumeCall call) => _slots[call.Slot] is { } file && call.Offset + call.Length == file.Stat().SizeBytes;

    /// <summary>Whether the call's file has a set-ID bit.</summary>
    public bool HasPrivileges(VolumeCall call) =>
        _slots[call.Slot] is { } file && (file.Stat().Mode & (InodeMode.SetUserId | InodeMode.SetGroupId)) != 0;

    /// <summary>Brings the file of a slot to the device, and drops all that is cached.</summary>
    public void DropCached(int slot)
    {
        _slots[slot]?.Sync();
        volume.DropCaches();
    }

    public static string Digest(ReadOnlySpan<byte> bytes) => $"{bytes.Length} {Convert.ToHexStringLower(SHA256.HashData(bytes)[..6])}";

    private string Call(VolumeCall call)
    {
        switch (call.Kind)
        {
            case CallKind.Open:
                _slots[call.Slot]?.Close();
                _slots[call.Slot] = null;
                _slots[call.Slot] = volume.Open(call.Path, call.Options);
                return "0";
            case CallKind.Close:
                File(call).Close();
                _slots[call.Slot] = null;
                return "0";
            case CallKind.Write:
                long written = call.IsDirect
                    ? File(call).WriteDirect(call.Offset, call.Bytes(), call.Sync, call.IsNoWait)
                    : File(call).WriteBuffered(call.Offset, call.Bytes(), call.Sync, call.IsNoWait);
                return written.ToString(CultureInfo.InvariantCulture);
            case CallKind.Start:
                _inFlight.Add(call.Tag, (File(call), File(call).StartDirect(call.Offset, call.Bytes(), call.Sync, call.IsNoWait)));
                return "0";
            case CallKind.Wait:
                return _inFlight.Remove(call.Tag, out var one)
                    ? one.File.WaitDirect(one.Io).ToString(CultureInfo.InvariantCulture)
                    : "not started";
            case CallKind.Read:
                int length = (int)call.Length;
                return Digest(call.IsDirect ? File(call).ReadDirect(call.Offset, length) : File(call).ReadBuffered(call.Offset, length));
            case CallKind.Fallocate:
                File(call).Fallocate(call.Offset, call.Length, call.Mode, call.KeepSize);
                return "0";
            case CallKind.Truncate:
                File(call).Truncate(call.Length);
                return "0";
            case CallKind.Sync:
                File(call).Sync();
                return "0";
            case CallKind.DataSync:
                File(call).Sync(dataOnly: true);
                return "0";
            case CallKind.SyncVolume:
                volume.Sync();
                return "0";
            default:
                return call.Kind > CallKind.Stat ? CallOnAttributes(call) : CallOnNames(call);
        }
    }

    private string CallOnNames(VolumeCall call)
    {
        switch (call.Kind)
        {
            case CallKind.Link:
                volume.Link(call.Path, call.NewPath);
                return "0";
            case CallKind.Unlink:
                volume.Unlink(call.Path);
                return "0";
            case CallKind.Rename:
                volume.Rename(call.Path, call.NewPath, call.NoReplace ? RenameOptions.NoReplace : RenameOptions.None);
                return "0";
            case CallKind.Mkdir:
                volume.Mkdir(call.Path);
                return "0";
            case CallKind.Rmdir:
                volume.Rmdir(call.Path);
                return "0";
            default:
                InodeStatus status = volume.Stat(call.Path, followsLink: false);
                return FormattableString.Invariant($"{(int)status.Mode} {status.Links} {status.SizeBytes}");
        }
    }

    /// <summary>The handle; of an empty slot what Linux says of the descriptor −1.</summary>
    private FileHandle File(VolumeCall call)
    {
        if (_slots[call.Slot] is { } file)
            return file;
        bool isRefusedFirst = call.Kind switch
        {
            CallKind.Read or CallKind.Write => call.Offset < 0,
            CallKind.Truncate => call.Length < 0,
            _ => false,
        };
        throw new FileSystemException(isRefusedFirst ? Errno.EINVAL : Errno.EBADF, call.ToString(), "the slot is empty");
    }
}
