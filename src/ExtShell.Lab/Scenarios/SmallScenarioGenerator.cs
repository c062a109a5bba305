using System.Numerics;
using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Scenarios;

/// <summary>
/// Makes small random scenarios for the comparison of the lazy explorer with brute force. A scenario is a function of its seed.
/// </summary>
/// <remarks>
/// (1) Half of them end in the middle of things: a transaction is in the journal or on its way there, so that recovery replays it, and
/// asynchronous writes are in flight.
/// (2) Devices differ: units of 4,096 or 512 bytes, barriers honoured or ignored, a cache or none, FUA or not; some run with a defect on.
/// (3) How many crash states a scenario has shows when it is run: each seed has a target (56 in a hundred 256 to 700, 17 in a hundred
/// 4,096 to 8,300, the others fewer), and candidates are run until one meets it; the nearest below the most is taken if none does.
/// </remarks>
public static class SmallScenarioGenerator
{
    private const int MostCandidates = 40;
    private const int MostStates = 50_000;

    private static readonly IReadOnlyList<string> Defects = WriteProtocols.SwitchesOf(MountOptions.Default.Protocol);

    /// <summary>A volume on which a check costs little.</summary>
    public static VolumeSpecification Volume { get; } = new(SizeBytes: 8 << 20, JournalSizeBytes: 4 << 20);

    /// <summary>How many crash states the scenario of a seed is to have.</summary>
    public static StateTarget TargetOf(ulong seed)
    {
        int share = new Dice(seed ^ 0x7461_7267_6574).Below(1000);
        return share < 170 ? new StateTarget(4096, 8300) : share < 730 ? new StateTarget(256, 700) : new StateTarget(2, 255);
    }

    /// <summary>Whether the scenario of a seed is one that ends in the middle of things (1).</summary>
    public static bool IsInterrupted(ulong seed) => new Dice(seed ^ 0x666c_6967_6874).Percent(58);

    /// <summary>Whether a log holds a transaction and ends with asynchronous writes in flight.</summary>
    public static bool EndsInTheMiddle(WriteLog log)
    {
        bool hasTransaction = false;
        bool isInFlight = false;
        foreach (LoggedBio bio in log.Bios)
        {
            hasTransaction |= bio.Origin.Kind == ProvenanceKind.Journal;
            isInFlight |= bio.Origin.Kind == ProvenanceKind.Data && bio.CompletedAt == int.MaxValue;
        }

        return hasTransaction && isInFlight;
    }

    /// <summary>Makes the scenario of a seed, run, with its number of crash states.</summary>
    public static (ScenarioRun Run, BigInteger States) Make(ulong seed)
    {
        StateTarget target = TargetOf(seed);
        (ScenarioRun Run, BigInteger States)? nearest = null;
        for (int candidate = 0; candidate < MostCandidates; candidate++)
        {
            ScenarioRun run = ScenarioRunner.Run(Candidate(seed, candidate));
            BigInteger states = CountStates(run.Log, run.Scenario.Device);
            if (IsInterrupted(seed) && !EndsInTheMiddle(run.Log))
                continue;
            if (target.Contains(states)) // (3)
                return (run, states);
            bool isUsable = states <= Math.Min(target.Most, MostStates);
            if (isUsable && (nearest is null || states > nearest.Value.States))
                nearest = (run, states);
        }

        return nearest ?? Nothing(seed);
    }

    /// <summary>One of the scenarios of a seed, whatever the number of its crash states.</summary>
    public static Scenario Candidate(ulong seed, int candidate)
    {
        var dice = new Dice((seed * 1_000_003) + (ulong)candidate);
        bool hasCache = !dice.Percent(5);
        bool isIgnored = hasCache && dice.Percent(20);
        var scenario = new Scenario
        {
            Name = FormattableString.Invariant($"small-{seed}-{candidate}"),
            Volume = Volume,
            Traits = new DeviceTraits(hasCache, dice.Percent(30)),
            Device = new DeviceModel(dice.Percent(30) ? 512 : 4096, isIgnored ? BarrierMode.Ignored : BarrierMode.Flush, hasCache), // (2)
            Mount = MountOptions.Default with { Switches = dice.Percent(15) ? [dice.Of(Defects)] : [] },
        };
        return new SmallScenarioWriter(dice, IsInterrupted(seed), TargetOf(seed), scenario.Device.AtomicUnitBytes).Fill(scenario);
    }

    /// <summary>How many crash states a log has under a device model.</summary>
    public static BigInteger CountStates(WriteLog log, DeviceModel device)
    {
        BigInteger states = BigInteger.Zero;
        foreach (Epoch epoch in new EpochReader(log, device).Read())
            states += epoch.States;
        return states;
    }

    private static (ScenarioRun Run, BigInteger States) Nothing(ulong seed)
    {
        ScenarioRun run = ScenarioRunner.Run(Candidate(seed, 0) with { Threads = [] });
        return (run, CountStates(run.Log, run.Scenario.Device));
    }
}
