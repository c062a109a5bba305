using ExtShell.Engine.IO;
using ExtShell.TestTools.Defects;

namespace ExtShell.Lab.Tests.Defects;

/// <summary>A 64th of the test case of 2012; the whole is a command: <c>ExtShell.Benchmarks truncate2012</c>.</summary>
public sealed class TestCaseOf2012Tests
{
    private const int Share = 64;

    public static TheoryData<string, long> Cases()
    {
        var cases = new TheoryData<string, long>();
        foreach (string protocol in WriteProtocols.Names.Where(static name => name != "Ext3Indirect"))
        {
            cases.Add(protocol, 100_000);
            cases.Add(protocol, 1_000_000);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Truncate_returns_and_frees_every_block_while_two_write(string protocol, long latencyNanoseconds)
    {
        TestCaseOf2012Result result = TestCaseOf2012.Run(protocol, [], latencyNanoseconds, Share);
        Assert.True(result.IsRight, result.ToString());
        Assert.True(result.WritesBefore > 30, result.ToString());
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(20_000_000)]
    public void A_worker_that_only_tries_the_inode_lock_livelocks_with_truncate(long latencyNanoseconds)
    {
        TestCaseOf2012Result result = TestCaseOf2012.Run("Ext4CompletedIo2012", ["WorkerTriesInodeLock"], latencyNanoseconds, Share);
        Assert.False(result.Returned);
        Assert.True(result.IsLivelock);
        Assert.Contains(result.Cycle, static step => step.Contains("inode lock", StringComparison.Ordinal));
    }
}
