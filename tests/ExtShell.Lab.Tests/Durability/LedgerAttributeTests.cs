using ExtShell.Engine.Volumes;
using ExtShell.Format.OnDisk;
using ExtShell.Lab.Durability;
using static ExtShell.Lab.Tests.Durability.LedgerBench;

namespace ExtShell.Lab.Tests.Durability;

public sealed class LedgerAttributeTests
{
    private const InodeMode Old = (InodeMode)0x1A4;
    private const InodeMode New = (InodeMode)0x180;

    [Theory]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    [InlineData(true, true, true)]
    public void AChmodAndAChownSurviveAnFsync(bool syncs, bool dataOnly, bool mayBeOld)
    {
        LedgerBench bench = Set(out int file, out int chmod, out int chown);
        if (syncs)
            bench.Sync(file, dataOnly);
        Assert.Empty(bench.Judge(Volume(bench, New, 7)));
        Assert.Empty(bench.Judge(Volume(bench, New | InodeMode.SetUserId, 7)));
        Assert.Equal(mayBeOld ? [] : [(LedgerRules.Attributes, chmod)], Broken(bench, Volume(bench, Old, 7)));
        Assert.Equal(mayBeOld ? [] : [(LedgerRules.Attributes, chown)], Broken(bench, Volume(bench, New, 0)));
    }

    /// <summary>Rule 18.</summary>
    [Fact]
    public void BehindAFailedFsyncALaterOneThatSucceedsPromisesNothingOfWhatCameBefore()
    {
        LedgerBench bench = Set(out int file, out _, out _);
        bench.Sync(file, error: ExtShell.Format.Errors.Errno.EIO);
        bench.Sync(file);
        Assert.Empty(bench.Judge(Volume(bench, Old, 0)));
        int chmod = bench.Do(new OperationCall { Kind = OperationKind.Chmod, Path = "/f", Permissions = New });
        bench.Sync(file);
        Assert.Equal([(LedgerRules.Attributes, chmod)], Broken(bench, Volume(bench, Old, 7)));
    }

    [Fact]
    public void ANewerOneMayBeShown()
    {
        LedgerBench bench = Set(out int file, out _, out int chown);
        bench.Sync(file);
        bench.Do(new OperationCall { Kind = OperationKind.Chown, Path = "/f", Owner = 9 });
        Assert.Empty(bench.Judge(Volume(bench, New, 9)));
        Assert.Empty(bench.Judge(Volume(bench, New, 7)));
        Assert.Equal([(LedgerRules.Attributes, chown)], Broken(bench, Volume(bench, New, 0)));
    }

    [Fact]
    public void AChattrSurvivesAnFsync()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        int call = bench.Do(new OperationCall
        {
            Kind = OperationKind.Chattr, Path = "/f", AddedFlags = InodeFlags.NoDump, RemovedFlags = InodeFlags.Synchronous,
        });
        bench.Sync(file);
        HandMadeVolume With(InodeFlags flags) =>
            new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('a')).WithAttributes("/f", InodeMode.Regular, 0, flags);
        Assert.Empty(bench.Judge(With(InodeFlags.NoDump | InodeFlags.Extents)));
        Assert.Equal([(LedgerRules.Attributes, call)], Broken(bench, With(InodeFlags.None)));
        Assert.Equal([(LedgerRules.Attributes, call)], Broken(bench, With(InodeFlags.NoDump | InodeFlags.Synchronous)));
    }

    private static LedgerBench Set(out int file, out int chmod, out int chown)
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        file = bench.Open("/f", 12);
        chmod = bench.Do(new OperationCall { Kind = OperationKind.Chmod, Path = "/f", Permissions = New });
        chown = bench.Do(new OperationCall { Kind = OperationKind.Chown, Path = "/f", Owner = 7 });
        return bench;
    }

    private static HandMadeVolume Volume(LedgerBench bench, InodeMode mode, uint owner) =>
        new HandMadeVolume(bench.Now).WithFile("/f", 12, Bytes('a')).WithAttributes("/f", InodeMode.Regular | mode, owner);

    private static List<(int, int)> Broken(LedgerBench bench, HandMadeVolume volume) =>
        bench.Judge(volume).ConvertAll(violation => (violation.Rule, violation.PromisedBy));
}
