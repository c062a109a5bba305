using System.Collections.Concurrent;
using ExtShell.Check;
using ExtShell.Engine.Kernel;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Scheduling;

/// <summary>
/// Tests footprints: takes runs, exchanges neighbouring steps that are said to commute, and compares what comes out: histories as far as
/// they promise anything, what was read, metadata, and the write log but for its order.
/// </summary>
/// <remarks>
/// (1) Two neighbours may be exchanged if their actors differ, the later one was on offer before the earlier one, and their
/// footprints do not conflict.
/// (2) I/Os are numbered as they are submitted: what the exchanged steps submitted swaps its numbers.
/// (3) The rest of the run makes the same steps; where it cannot, the footprints were wrong.
/// </remarks>
internal sealed class ScheduleAudit(Scenario scenario)
{
    private readonly ScheduleOptions _options = new() { ChecksVolumeAtEnd = false };
    private readonly PreparedScenario _prepared = new(scenario);

    /// <summary>How many pairs were exchanged.</summary>
    public int Exchanged { get; private set; }

    /// <summary>What did not commute, in words.</summary>
    public List<string> Objections { get; } = [];

    /// <summary>Audits one random run.</summary>
    /// <param name="seed">What decides the run.</param>
    /// <param name="mostPairs">How many pairs of it are exchanged.</param>
    public void Audit(ulong seed, int mostPairs)
    {
        var log = new FootprintLog();
        (UInt128 expected, Exception? failed) = Run(new RandomStrategy(seed), log);
        if (failed is not null)
            return; // what a run that fails leaves depends on where it was ended
        var dice = new Dice(seed);
        int[] pairs = [.. Enumerable.Range(0, Math.Max(0, log.MadeCount - 1)).Where(step => Commutes(log, step)).OrderBy(_ =>
            dice.Next()).Take(mostPairs)];
        foreach (int step in pairs)
        {
            Exchanged++;
            var exchanged = new FootprintLog();
            var strategy = new ActorStrategy(Exchange(log, step), exchanged);
            (UInt128 found, Exception? failure) = Run(strategy, exchanged);
            if (strategy.Missing is { } missing)
                Objections.Add($"seed {seed}, steps {step} and {step + 1} ({Say(log, step)}): then {missing} is not on offer");
            else if (found != expected || failure is not null)
                Objections.Add($"seed {seed}, steps {step} and {step + 1} ({Say(log, step)}): another end {failure?.Message}");
        }
    }

    private (UInt128 Fingerprint, Exception? Failure) Run(IScheduleStrategy strategy, FootprintLog log)
    {
        var recorder = new RunRecorder();
        recorder.Begin(strategy, _options, log);
        ProgramEnd end = new ScenarioProgram(_prepared.ForWorker(), _options, new ConcurrentBag<CheckBase>()).Run(recorder, []);
        var fingerprint = new Fingerprint();
        fingerprint.Add((long)(ulong)end.Fingerprint);
        fingerprint.Add((long)(ulong)(end.Fingerprint >> 64));
        RunFingerprint.AddLogWithoutOrder(ref fingerprint, ScenarioProgram.LogOf(end));
        return (fingerprint.Value, end.Failure);
    }

    private static bool Commutes(FootprintLog log, int step) // (1)
    {
        ScheduleActor later = log.Steps[step + 1].Actor;
        bool isCaller = later is { IsInterrupt: false, Id: < 0 } || log.Steps[step].Actor is { IsInterrupt: false, Id: < 0 };
        return !isCaller && later != log.Steps[step].Actor && log.ChoicesOf(step).Contains(later)
            && !FootprintLog.Conflict(log.AccessesOf(step), log.AccessesOf(step + 1));
    }

    private static List<ScheduleActor> Exchange(FootprintLog log, int step)
    {
        HashSet<ScheduleActor> ofEarlier = Submitted(log, step), ofLater = Submitted(log, step + 1);
        ScheduleActor Renamed(ScheduleActor actor) => // (2)
            ofEarlier.Contains(actor) ? actor with { Id = actor.Id + ofLater.Count }
            : ofLater.Contains(actor) ? actor with { Id = actor.Id - ofEarlier.Count }
            : actor;
        var actors = new List<ScheduleActor>();
        for (int i = 0; i < log.MadeCount; i++)
        {
            int from = i == step ? step + 1 : i == step + 1 ? step : i;
            actors.Add(Renamed(log.Steps[from].Actor));
        }

        return actors;
    }

    private static HashSet<ScheduleActor> Submitted(FootprintLog log, int step)
    {
        var submitted = new HashSet<ScheduleActor>();
        if (step + 1 >= log.MadeCount)
            return submitted;
        foreach (ScheduleActor actor in log.ChoicesOf(step + 1))
        {
            if (actor.IsInterrupt && !log.ChoicesOf(step).Contains(actor))
                submitted.Add(actor);
        }

        return submitted;
    }

    private static string Say(FootprintLog log, int step) => $"{SayStep(log, step)}; {SayStep(log, step + 1)}";

    private static string SayStep(FootprintLog log, int step)
    {
        var touched = new List<string>();
        foreach (FootprintLog.Access access in log.AccessesOf(step))
            touched.Add($"{access.Type.Name} {access.Key:x} {access.First} {access.Kind}");
        return $"{log.Steps[step].Actor} touches {string.Join(", ", touched.Distinct())}";
    }

    /// <summary>Makes the steps of given actors.</summary>
    private sealed class ActorStrategy(List<ScheduleActor> actors, FootprintLog made) : IScheduleStrategy
    {
        public ScheduleActor? Missing { get; private set; }

        public int Pick(Machine machine, ReadOnlySpan<Choice> choices)
        {
            if (made.MadeCount >= actors.Count)
                return 0;
            ScheduleActor wanted = actors[made.MadeCount];
            for (int i = 0; i < choices.Length; i++)
            {
                if (ScheduleActor.Of(choices[i]) == wanted)
                    return i;
            }

            Missing ??= wanted; // (3)
            return 0;
        }
    }
}
