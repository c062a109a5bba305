using ExtShell.Lab.Durability;
using static ExtShell.Lab.Tests.Durability.LedgerBench;

namespace ExtShell.Lab.Tests.Durability;

public sealed class LedgerReadTests
{
    [Fact]
    public void AReadAfterTheAcknowledgementSeesTheWrite()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        int write = bench.Write(file, 0, Bytes('b'));
        bench.Read(file, 0, Block, Bytes('b'));
        Assert.Empty(bench.Ledger().JudgeRun());
        bench.Read(file, 0, Block, Bytes('a'));
        IReadOnlyList<Violation> violations = bench.Ledger().JudgeRun();
        Violation violation = Assert.Single(violations); // one for all that is wrong in the same way
        Assert.Equal((ViolationKind.WrongRead, write, 0L, Block), (violation.Kind, violation.PromisedBy, violation.OffsetBytes,
            violation.LengthBytes));
    }

    [Theory]
    [InlineData(ExtShell.Engine.Volumes.OperationKind.WriteDirect)]
    [InlineData(ExtShell.Engine.Volumes.OperationKind.StartDirect)]
    [InlineData(ExtShell.Engine.Volumes.OperationKind.WriteBuffered)]
    public void AWriteOfBytesNeverReturnsNothing(ExtShell.Engine.Volumes.OperationKind kind)
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        bench.Do(bench.WriteCall(file, 0, Bytes('b'), kind: kind), 512);
        bench.Do(bench.WriteCall(file, 0, Bytes('b'), kind: kind), 0, ExtShell.Format.Errors.Errno.EIO);
        bench.Do(bench.WriteCall(file, 0, [], kind: kind), 0);
        Assert.Empty(bench.Ledger().JudgeRun());
        int nothing = bench.Do(bench.WriteCall(file, 0, Bytes('b'), kind: kind), 0);
        Violation violation = Assert.Single(bench.Ledger().JudgeRun());
        Assert.Equal(
            (ViolationKind.UnexpectedResult, LedgerRules.NothingWritten, nothing), (violation.Kind, violation.Rule, violation.PromisedBy));
    }

    [Fact]
    public void AReadDuringTheWriteSeesEither()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        int write = bench.Call(bench.WriteCall(file, 0, Bytes('b')));
        (int, byte[]) first = bench.StartRead(file, 0, Block);
        (int, byte[]) second = bench.StartRead(file, 0, Block);
        (int, byte[]) third = bench.StartRead(file, 0, Block);
        bench.End(write, Block);
        bench.EndRead(first, Bytes('a'));
        bench.EndRead(second, Bytes('b'));
        Assert.Empty(bench.Ledger().JudgeRun());
        bench.EndRead(third, Bytes('x'));
        Assert.NotEmpty(bench.Ledger().JudgeRun());
    }

    [Fact]
    public void AReadEndsWhereTheFileEnds()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        bench.Read(file, 0, 2 * Block, Bytes('a'));
        bench.Read(file, Block, Block, []);
        Assert.Empty(bench.Ledger().JudgeRun());
        bench.Write(file, Block, Bytes('b'));
        bench.Read(file, 0, 2 * Block, Bytes('a'));
        Assert.Contains(bench.Ledger().JudgeRun(), violation => violation.Found.Contains("end of the file", StringComparison.Ordinal));
    }

    [Fact]
    public void AReadDoesNotGoOnBehindTheEndOfTheFile()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        bench.Read(file, 0, 3 * Block, [.. Bytes('a'), .. new byte[Block]]);
        Assert.Contains(bench.Ledger().JudgeRun(), violation => violation.Found.Contains("end of the file", StringComparison.Ordinal));
    }

    [Fact]
    public void WrongBytesOnBothSidesOfRightOnesAreToldApart()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a')));
        int file = bench.Open("/f", 12);
        bench.Write(file, 0, Bytes('b'));
        byte[] seen = Bytes('b');
        seen.AsSpan(0, 512).Fill((byte)'a');
        seen.AsSpan(1024, 512).Fill((byte)'a');
        bench.Read(file, 0, Block, seen);
        Assert.Equal([(0L, 512L), (1024L, 512L)],
            bench.Ledger().JudgeRun().Select(static violation => (violation.OffsetBytes, (long)violation.LengthBytes)));
    }

    [Fact]
    public void AReadDuringATruncateEndsBetweenTheSizes()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a', 4 * Block)));
        int file = bench.Open("/f", 12);
        (int, byte[]) short1 = bench.StartRead(file, 0, 8 * Block);
        (int, byte[]) short2 = bench.StartRead(file, 0, 8 * Block);
        bench.Truncate(file, 512);
        bench.EndRead(short1, Bytes('a'));
        Assert.Empty(bench.Ledger().JudgeRun());
        bench.EndRead(short2, Bytes('a', 100));
        Assert.NotEmpty(bench.Ledger().JudgeRun());
    }

    [Fact]
    public void ATruncatedFileReadsAsZeroesWhenItGrows()
    {
        var bench = new LedgerBench(WithFile("/f", 12, Bytes('a', 2 * Block)));
        int file = bench.Open("/f", 12);
        bench.Truncate(file, Block);
        bench.Truncate(file, 2 * Block);
        bench.Read(file, Block, Block, new byte[Block]);
        Assert.Empty(bench.Ledger().JudgeRun());
        bench.Read(file, Block, Block, Bytes('a'));
        Assert.NotEmpty(bench.Ledger().JudgeRun());
    }
}
