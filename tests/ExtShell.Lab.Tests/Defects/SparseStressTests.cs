using ExtShell.Engine.IO;
using ExtShell.TestTools.Defects;

namespace ExtShell.Lab.Tests.Defects;

/// <summary>
/// A share of <c>ExtShell.Benchmarks stress2012</c>: direct writes against fallocate, truncate and punch, on files greater than the volume.
/// </summary>
public sealed class SparseStressTests
{
    public static TheoryData<string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (string protocol in WriteProtocols.Names)
            {
                cases.Add(protocol, false);
                cases.Add(protocol, true);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_call_returns_and_every_block_comes_back(string protocol, bool punches)
    {
        SparseStress.Result result = SparseStress.Run(protocol, [], punches, seed: 1, operations: 250);
        Assert.Empty(result.UnexpectedErrors);
        Assert.True(result.IsRight, $"{result}");
        Assert.True(result.Calls > 1_000);
    }
}
