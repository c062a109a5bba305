using ExtShell.Engine.IO;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.Volumes;

/// <summary>Permissions, owners, times and flags: what is set is there, what forbids forbids, and writers lose privileges.</summary>
public sealed class AttributeTests
{
    private const InodeMode SetIds = InodeMode.SetUserId | InodeMode.SetGroupId;
    private static readonly InodeMode All = (InodeMode)0x1FF;

    /// <summary>Writes through a handle, in each of the ways that take privileges away.</summary>
    public static TheoryData<string, string> Writers()
    {
        var data = new TheoryData<string, string>();
        foreach (string protocol in WriteProtocols.All.Select(one => one.Name))
        {
            foreach (string how in (string[])["direct", "started", "buffered", "truncate", "fallocate"])
            {
                if (how != "fallocate" || protocol != "Ext3Indirect")
                    data.Add(protocol, how);
            }
        }

        return data;
    }

    [RequiresToolFact("e2fsck")]
    public void What_is_set_survives_a_remount()
    {
        using var host = new TestVolume();
        host.Volume.Create("/f").Close();
        host.Volume.Chmod("/f", SetIds | All);
        host.Volume.Chown("/f", 100_000, 200_000);
        Assert.Equal(InodeMode.Regular | All, host.Volume.Stat("/f").Mode); // a new owner takes set-IDs away
        host.Volume.Chmod("/f", InodeMode.Sticky | InodeMode.UserRead);
        host.Volume.SetTimes("/f", NewTime.At(-1), NewTime.At(5_000_000_000_123_456_789));
        host.Volume.Chattr("/f", InodeFlags.NoDump | InodeFlags.AppendOnly);
        host.Remount();
        InodeStatus status = host.Volume.Stat("/f");
        Assert.Equal(
            (InodeMode.Regular | InodeMode.Sticky | InodeMode.UserRead, 100_000u, 200_000u), (status.Mode, status.Owner, status.Group));
        Assert.Equal((-1, 5_000_000_000_123_456_789), (status.AccessedUnixNanoseconds, status.ModifiedUnixNanoseconds));
        Assert.Equal(InodeFlags.NoDump | InodeFlags.AppendOnly | InodeFlags.Extents, status.Flags);
        host.Volume.Unmount();
        Assert.Equal(0, host.Check().ExitCode);
    }

    [Fact]
    public void Inodes_of_128_bytes_keep_whole_seconds_up_to_2038()
    {
        using var host = new TestVolume(type: VolumeType.Ext3, inodeSizeBytes: 128);
        host.Volume.Create("/f").Close();
        host.Volume.SetTimes("/f", NewTime.At(1_999_999_999), NewTime.At(5_000_000_000_123_456_789));
        host.Remount();
        InodeStatus status = host.Volume.Stat("/f");
        Assert.Equal((1_000_000_000, int.MaxValue * 1_000_000_000L), (status.AccessedUnixNanoseconds, status.ModifiedUnixNanoseconds));
    }

    [Fact]
    public void Immutable_and_append_only_forbid_what_they_forbid_on_Linux()
    {
        using var host = new TestVolume();
        Volume volume = host.Volume;
        using FileHandle before = volume.Create("/f");
        before.WriteBuffered(0, new byte[10]);
        volume.Chattr("/f", InodeFlags.Immutable);
        Assert.Equal(10, volume.Inodes.Find(before.Inode)!.DiskSizeBytes); // what was written before is on its way home
        AssertErrno(Errno.EPERM, () => before.WriteDirect(0, new byte[4096]), () => before.Truncate(0), () => before.Fallocate(0, 4096),
            () => volume.Chmod("/f", All), () => volume.Chown("/f", 1, 1), () => volume.SetTimes("/f", NewTime.Now, NewTime.Now),
            () => volume.Open("/f"), () => volume.Unlink("/f"), () => volume.Link("/f", "/g"), () => volume.Rename("/f", "/g"),
            () => volume.Chattr("/f", InodeFlags.NoDump));
        volume.Open("/f", OpenOptions.ReadOnly).Close();
        volume.Chattr("/f", InodeFlags.AppendOnly, InodeFlags.Immutable);
        AssertErrno(Errno.EPERM, () => before.Truncate(0), () => before.Fallocate(0, 4096, FallocateMode.PunchHole),
            () => volume.Chmod("/f", All), () => volume.SetTimes("/f", NewTime.At(1), NewTime.Keep), () => volume.Open("/f"),
            () => volume.Open("/f", OpenOptions.Append | OpenOptions.Truncate), () => volume.Unlink("/f"));
        volume.SetTimes("/f", NewTime.Now, NewTime.Now);
        before.Fallocate(0, 4096);
        using FileHandle appending = volume.Open("/f", OpenOptions.Append);
        Assert.Equal(3, appending.WriteBuffered(0, new byte[3]));
        volume.Mkdir("/d");
        volume.Chattr("/d", InodeFlags.Immutable);
        AssertErrno(Errno.EPERM, () => volume.Create("/d/x"), () => volume.Mkdir("/d/x"));
    }

    [Theory]
    [InlineData("/f", InodeFlags.DirectorySync)]
    [InlineData("/f", InodeFlags.JournalData)]
    [InlineData("/f", InodeFlags.DirectAccess)]
    [InlineData("/f", InodeFlags.DirectoryIndex)]
    [InlineData("/d", InodeFlags.CaseFolding)]
    [InlineData("/d", InodeFlags.Encrypted)]
    public void Flags_that_cannot_be_changed_are_refused(string path, InodeFlags flag)
    {
        using var host = new TestVolume();
        host.Volume.Create("/f").Close();
        host.Volume.Mkdir("/d");
        AssertErrno(Errno.EOPNOTSUPP, () => host.Volume.Chattr(path, flag));
        Assert.Equal(path == "/f" ? InodeFlags.Extents : host.Volume.Stat(path).Flags & ~flag, host.Volume.Stat(path).Flags);
    }

    [Fact]
    public void A_file_with_S_is_written_synchronously()
    {
        using var host = new TestVolume();
        host.Volume.Create("/f").Close();
        host.Volume.Chattr("/f", InodeFlags.Synchronous);
        using (FileHandle file = host.Volume.Open("/f"))
            file.WriteBuffered(0, TestVolume.Bytes(1, 5000));
        host.Crash();
        Assert.Equal(TestVolume.Bytes(1, 5000), host.Volume.Open("/f").ReadBuffered(0, 8192));
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void Writers_who_are_not_root_take_set_ids_away(string protocol, string how)
    {
        var type = protocol == "Ext3Indirect" ? VolumeType.Ext3 : VolumeType.Ext4;
        using var host = new TestVolume(options: MountOptions.Default with { Protocol = protocol }, type: type);
        foreach (Caller caller in (Caller[])[Caller.Root, new Caller(7, 7), new Caller(7, 8)])
        {
            foreach (InodeMode mode in (InodeMode[])[SetIds | All, SetIds | (All & ~InodeMode.GroupExecute)])
            {
                using FileHandle file = host.Volume.Open("/f", OpenOptions.Create);
                host.Volume.Chown("/f", 0, 8);
                host.Volume.Chmod("/f", mode);
                using FileHandle theirs = host.Volume.Open("/f", caller: caller);
                Write(theirs, how);
                bool keepsGroup = caller.IsRoot || (caller.GroupId == 8 && (mode & InodeMode.GroupExecute) == 0);
                InodeMode kept = caller.IsRoot ? mode : keepsGroup ? mode & ~InodeMode.SetUserId : mode & ~SetIds;
                Assert.Equal(InodeMode.Regular | kept, file.Stat().Mode);
            }
        }
    }

    [Fact]
    public void Permissions_are_asked_of_who_opens()
    {
        using var host = new TestVolume();
        Volume volume = host.Volume;
        var user = new Caller(7, 8);
        volume.Mkdir("/d");
        volume.Create("/d/f").Close();
        AssertErrno(Errno.EACCES, () => volume.Open("/d/f", caller: user), () => volume.Open("/d/g", OpenOptions.Create, user));
        volume.Open("/d/f", OpenOptions.ReadOnly, user).Close();
        volume.Chown("/d/f", 7, 0);
        volume.Open("/d/f", caller: user).Close();
        volume.Chmod("/d", InodeMode.UserExecute | InodeMode.OtherRead | InodeMode.OtherWrite);
        AssertErrno(Errno.EACCES, () => volume.Open("/d/f", OpenOptions.ReadOnly, user));
        volume.Chmod("/d", All);
        volume.Open("/d/g", OpenOptions.Create, user).Close();
        Assert.Equal((7u, 8u), (volume.Stat("/d/g").Owner, volume.Stat("/d/g").Group));
    }

    private static void Write(FileHandle file, string how)
    {
        switch (how)
        {
            case "direct":
                file.WriteDirect(0, new byte[4096]);
                break;
            case "started":
                file.WaitDirect(file.StartDirect(0, new byte[4096]));
                break;
            case "buffered":
                file.WriteBuffered(0, new byte[10]);
                break;
            case "truncate":
                file.Truncate(100);
                break;
            default:
                file.Fallocate(0, 8192);
                break;
        }
    }

    private static void AssertErrno(Errno expected, params Action[] calls)
    {
        foreach ((int index, Action call) in calls.Index())
        {
            FileSystemException? failed = Record.Exception(call) as FileSystemException;
            Assert.True(failed?.Errno == expected, $"call {index}: {failed?.Message ?? "succeeded"}");
        }
    }
}
