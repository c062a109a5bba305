using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Format.OnDisk;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Tests.Scenarios;

public sealed partial class ScenarioTextTests
{
    private static readonly Scenario Full = new()
    {
        Name = "all of it",
        Volume = new VolumeSpecification(64 << 20, 1024, 8 << 20, 7, false, "^64bit"),
        Mount = new MountOptions
        {
            Protocol = "Ext4Iomap2019", Journal = JournalMode.Writeback, Barrier = BarrierMode.Drain, UseFua = false, DioReadNoLock = false,
            Switches = ["ExtendAfterSync:DiskSizeLate", "NoOrphan"],
        },
        Traits = new DeviceTraits(false, true),
        Device = new DeviceModel(512, BarrierMode.Ignored, false),
        IsPersistentMemory = true,
        Expectation = "LostSize",
        Setup = [Operation.Mkdir("/d"), Operation.Create("f", "/d/with blank"), Operation.Link("/d/with blank", "/q\"uote\\d#="),
            Operation.Rmdir("/none"), Operation.Rename("/d", "/e f")],
        Threads =
        [
            [
                Operation.WriteDirect("f", 4096, 8192, Payload.Pattern(3), SyncKind.DataSync),
                Operation.StartDirect("io1", "f", 0, 512, Payload.Repeat(65), SyncKind.Sync),
                Operation.WriteBuffered("f", 100, 3, Payload.Of([1, 2, 3])),
                Operation.WriteDirect("f", 0, 512, Payload.Pattern(4), SyncKind.Sync) with { NoWait = true },
                Operation.Open("h", "/d/log", OpenOptions.Append | OpenOptions.Create),
                Operation.WaitDirect("io1", "f"),
                Operation.Fallocate("f", 0, 1 << 20, keepSize: true),
                Operation.Fallocate("f", 0, 1 << 20),
                Operation.PunchHole("f", 4096, 100),
                Operation.ZeroRange("f", 1, 2, keepSize: true),
                Operation.ZeroRange("f", 3, 4),
                Operation.CollapseRange("f", 4096, 8192),
                Operation.InsertRange("f", 8192, 4096),
                Operation.Truncate("f", 12),
                Operation.Open("n", "/d/log", OpenOptions.Create) with { Caller = new Caller(1000, 100) },
                Operation.Chmod("/d/log", (InodeMode)0xBA4),
                Operation.Chown("/d/log", 5, null),
                Operation.Chown("/d/log", null, 6),
                Operation.Utimes("/d/log", NewTime.Now, NewTime.Keep),
                Operation.Utimes("/d/log", NewTime.At(0), NewTime.At(-5)),
                Operation.Chattr("/d/log", InodeFlags.Immutable | InodeFlags.NoDump, InodeFlags.AppendOnly),
                Operation.Symlink("../d x", "/l"),
                Operation.Mknod("/n", InodeMode.BlockDevice | (InodeMode)0x180, new DeviceNumber(8, 1)),
                Operation.Mknod("/n", InodeMode.Fifo | (InodeMode)0x180),
                Operation.SetXattr("/d/log", "user.a b", 100, Payload.Pattern(1)) with { StaysOnLink = true },
                Operation.RemoveXattr("/d/log", "user.a b"),
                Operation.Stat("/d/log", "mode=644 owner=0|ENOENT"),
            ],
            [
                Operation.Open("g", "/q\"uote\\d#=", OpenOptions.Sync | OpenOptions.Truncate),
                Operation.ReadDirect("g", 0, 4096),
                Operation.ReadBuffered("g", 0, 4096),
                Operation.Map("m", "g", 4096, 8192),
                Operation.MapWrite("m", 4100, 3, Payload.Of([1, 2, 3])),
                Operation.MapRead("m", 4096, 100),
                Operation.MapSync("m", 4096, 4096),
                Operation.Unmap("m"),
                Operation.Fsync("g"),
                Operation.Fsync("g", dataOnly: true),
                Operation.Close("g"),
                Operation.Unlink("/d/with blank"),
                Operation.SyncVolume(),
                Operation.Inject(new Injection(InjectionKind.IoError)
                {
                    Operation = BioOperation.Write, File = "f", FromBytes = 4096, ToBytes = 8192, Error = Format.Errors.Errno.ENOSPC,
                    Times = 0, After = 2,
                }),
                Operation.Inject(new Injection(InjectionKind.Full) { LeaveBlocks = 3 }),
                Operation.Inject(new Injection(InjectionKind.SpaceBack)),
                Operation.Inject(new Injection(InjectionKind.PrivilegeError) { Times = 2 }),
                Operation.Inject(new Injection(InjectionKind.ConversionError) { File = "f", Error = Format.Errors.Errno.ENOSPC }),
                Operation.WriteBack(),
                Operation.Commit(),
                Operation.DropCaches(),
                Operation.Shutdown(ShutdownKind.NoLogFlush),
                new Operation { Verb = Verb.Unmount },
                new Operation { Verb = Verb.Mount },
                Operation.Settle(),
            ],
        ],
    };

    [Fact]
    public void TextRoundTrips()
    {
        string text = Full.ToText();
        var parsed = Scenario.Parse(text);
        Assert.Equal(text, parsed.ToText());
        Assert.Equal((Full.Name, Full.Volume, Full.Traits, Full.Device, Full.IsPersistentMemory, Full.Expectation),
            (parsed.Name, parsed.Volume, parsed.Traits, parsed.Device, parsed.IsPersistentMemory, parsed.Expectation));
        Assert.Equal(Full.Setup, parsed.Setup);
        Assert.Equal(Full.Threads, parsed.Threads);
        Assert.Equal(Full.Mount with { Switches = [] }, parsed.Mount with { Switches = [] });
        Assert.Equal(Full.Mount.Switches, parsed.Mount.Switches);
    }

    [Fact]
    public void EveryVerbHasAWord()
    {
        HashSet<Verb> written = [.. Full.Setup.Concat(Full.Threads.SelectMany(thread => thread)).Select(operation => operation.Verb)];
        Assert.Equal(Enum.GetValues<Verb>().ToHashSet(), written);
    }

    [Fact]
    public void WhatIsLeftOutHasItsDefault()
    {
        var parsed = Scenario.Parse("thread\n  create f /f # a comment\n\n  write-direct f at=0 length=4KiB data=pattern:1\n");
        Assert.Equal(new VolumeSpecification(), parsed.Volume);
        Assert.Equal(new DeviceModel(), parsed.Device);
        Assert.Equal(4096, parsed.Threads[0][1].LengthBytes);
    }

    [Theory]
    [InlineData("thread\n fly f", "line 2: 'fly'")]
    [InlineData("volume size=many", "line 1: 'many'")]
    [InlineData("thread\n write-direct f at=0", "line 2: length=")]
    [InlineData("thread\n fsync f now", "line 2: 'now'")]
    [InlineData("thread\n truncate f to=0 at=1", "line 2: 'at='")]
    [InlineData("thread\n chmod /f 4888", "line 2: '4888'")]
    [InlineData("thread\n chown /f 5", "line 2: '5'")]
    [InlineData("thread\n chattr /f Immutable", "line 2: 'Immutable'")]
    [InlineData("thread\n open f /f as=root", "line 2: as=")]
    [InlineData("device barrier=none", "line 1: barrier=")]
    [InlineData("create f /f", "line 1: 'create'")]
    [InlineData("thread\n mkdir \"/d", "line 2: a quote")]
    [InlineData("thread\n write-direct f at=0 length=1 data=byte:256", "line 2: data=")]
    [InlineData("thread\n create f /f\n fsync g", "line 3: nothing opens a file as 'g'; there are f")]
    [InlineData("thread\n create f /f\n inject io-error file=/f", "line 3: nothing opens a file as '/f'; there are f")]
    [InlineData("thread\n create f /f\n wait-direct w f", "line 3: nothing starts a write as 'w'")]
    [InlineData("thread\n unmap m", "line 2: nothing maps a file as 'm'")]
    public void WhatIsMalformedNamesItsLine(string text, string expected) =>
        Assert.StartsWith(expected, Assert.Throws<FormatException>(() => Scenario.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void PatternsSayWhereTheyBelong()
    {
        byte[] bytes = Payload.Pattern(7).Bytes(4090, 100);
        Assert.Equal(bytes[38..], Payload.Pattern(7).Bytes(4128, 62));
        Assert.True(Payload.TryReadPattern(bytes.AsSpan(6), out int number, out long offset));
        Assert.Equal((7, 4096L), (number, offset));
        Assert.False(Payload.TryReadPattern(bytes, out _, out _));
    }

    [Fact]
    public void EqualBytesAreARepeat()
    {
        Assert.Equal(Payload.Repeat(9), Payload.Of([9, 9, 9]));
        Assert.Equal([1, 2, 0, 0], Payload.Of([1, 2, 3])!.Bytes(0, 4)[..2].Concat(new byte[2]).ToArray());
        Assert.Equal([1, 2, 3, 0], Payload.Of([1, 2, 3]).Bytes(0, 4));
    }
}
