using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.Lab.Tests.Scheduling;

/// <summary>
/// The reduced search against all interleavings, on small scenarios of the real engine, by seed: the same histories and volumes at the end
/// (what a run's fingerprint covers), the same kinds of findings, and fewer schedules.
/// </summary>
/// <remarks>110 scenarios of two threads and 40 of three; of the latter 600 with <c>EXTSHELL_FULL=1</c>.</remarks>
public sealed class GeneratedReductionTests
{
    private const int MostBrute = 1_500;
    private const int MostBruteOfThree = 12_000;
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("EXTSHELL_FULL") == "1";
    private static readonly string[] NoSwitches = [];

    [Theory]
    [InlineData(1001, 20, "Ext4Iomap2023", "")]
    [InlineData(2001, 10, "Ext4CompletedIo2012", "")]
    [InlineData(3001, 10, "XfsStyle", "")]
    [InlineData(1, 50, "Ext4Iomap2023", "")]
    [InlineData(101, 10, "Ext4EndIo2009", "CountDropsAtCompletion")]
    [InlineData(201, 10, "Ext4Iomap2019", "UnalignedNotSerialised")]
    public void TheReducedSearchSeesWhatAllInterleavingsShow(int firstSeed, int count, string protocol, string protocolSwitch) =>
        Compare(firstSeed, count, protocol, protocolSwitch, MostBrute, MakeOfTwo);

    [Theory]
    [InlineData(5001, "Ext4Iomap2023", "")]
    [InlineData(5501, "Ext4CompletedIo2012", "")]
    [InlineData(6001, "XfsStyle", "")]
    [InlineData(6501, "Ext4EndIo2009", "CountDropsAtCompletion")]
    [InlineData(7001, "Ext4Iomap2019", "UnalignedNotSerialised")]
    public void SoItDoesOfThreeThreads(int firstSeed, string protocol, string protocolSwitch) =>
        Compare(firstSeed, IsFull ? 120 : 8, protocol, protocolSwitch, IsFull ? 40_000 : MostBruteOfThree, MakeOfThree);

    private static void Compare(
        int firstSeed, int count, string protocol, string protocolSwitch, int mostBrute, Func<Dice, Scenario> make)
    {
        long all = 0, reducedSchedules = 0;
        int compared = 0, larger = 0;
        for (int seed = firstSeed; compared < count && seed < firstSeed + (6 * count); seed++)
        {
            Scenario scenario = make(new Dice((ulong)seed));
            scenario = scenario with
            {
                Mount = scenario.Mount with { Protocol = protocol, Switches = protocolSwitch.Length > 0 ? [protocolSwitch] : NoSwitches },
            };
            var options = new ScheduleOptions
            {
                Strategy = SearchStrategy.PreemptionBounded, PreemptionBound = 1000, MostSchedules = mostBrute,
            };
            ScheduleReport brute = ScheduleSearch.Run(scenario, options);
            if (!brute.IsExhaustive)
                continue; // too many to try them all
            ScheduleReport reduced = ScheduleSearch.Run(scenario, options with { Strategy = SearchStrategy.Exhaustive });
            string where = $"seed {seed}\n{scenario.ToText()}\nall: {brute}\nreduced: {reduced}";
            Assert.True(reduced.IsExhaustive, where);
            Assert.True(brute.Distinct == reduced.Distinct, where);
            Assert.True(Kinds(brute) == Kinds(reduced), where);
            compared++;
            larger += reduced.Schedules + reduced.Redundant > brute.Schedules ? 1 : 0;
            all += brute.Schedules;
            reducedSchedules += reduced.Schedules + reduced.Redundant;
        }

        Assert.True(compared == count, $"{compared} scenarios were compared");
        Assert.True(larger == 0, $"{larger} searches had more schedules than there are");
        Assert.True(reducedSchedules * 2 < all, $"{reducedSchedules} of {all} schedules");
    }

    private static string Kinds(ScheduleReport report) =>
        string.Join(',', report.Findings.Select(finding => finding.Kind).Distinct().Order());

    /// <summary>Two threads of one operation or two.</summary>
    private static Scenario MakeOfTwo(Dice dice) => Make(dice, any => [dice.Percent(40) ? [any(), any()] : [any()], [any()]]);

    private static Scenario MakeOfThree(Dice dice) => Make(dice, any => [[any()], [any()], [any()]]);

    /// <summary>Operations on one file and one beside it.</summary>
    private static Scenario Make(Dice dice, Func<Func<Operation>, IReadOnlyList<IReadOnlyList<Operation>>> threads)
    {
        int pattern = 2;
        Operation Any()
        {
            long at = dice.Below(3) * 4096;
            string file = dice.Percent(75) ? "f" : "g";
            return dice.Below(7) switch
            {
                0 or 1 => Operation.WriteDirect(file, at, 4096, Payload.Pattern(pattern++)),
                2 => Operation.WriteBuffered(file, at, 4096, Payload.Pattern(pattern++)),
                3 => Operation.ReadDirect(file, at, 4096),
                4 => Operation.ReadBuffered(file, at, 4096),
                5 => Operation.Truncate(file, at),
                _ => Operation.Fallocate(file, at, 4096),
            };
        }

        return new Scenario
        {
            Name = "generated",
            Setup =
            [
                Operation.Create("f", "/f"), dice.Percent(50) ? Operation.Fallocate("f", 0, 8192)
                    : Operation.WriteDirect("f", 0, 8192, Payload.Pattern(1)),
                Operation.Create("g", "/g"),
            ],
            Threads = threads(Any),
        };
    }
}
