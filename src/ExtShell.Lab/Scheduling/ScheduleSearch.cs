using System.Collections.Concurrent;
using ExtShell.Check;
using ExtShell.Engine.Kernel;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Scheduling;

/// <summary>Searches the schedules of a scenario, or of a program of one's own, for failures.</summary>
public static class ScheduleSearch
{
    /// <summary>Searches the schedules of a scenario.</summary>
    /// <param name="scenario">What is run: its threads, its mount with protocol and switches, its device.</param>
    /// <param name="options">How, and how far; null for 20,000 random schedules.</param>
    /// <returns>What was seen. It is a function of the arguments, whatever the number of workers, unless the search was
    /// cancelled.</returns>
    /// <exception cref="Format.Errors.FileSystemException">The set-up cannot be made: the mount is refused.</exception>
    public static ScheduleReport Run(Scenario scenario, ScheduleOptions? options = null)
    {
        options ??= ScheduleOptions.Default;
        return new SearchRun(scenario.Name, scenario, ProgramsOf(scenario, options), NewSource(options), options).Run();
    }

    /// <summary>Searches the schedules of a program of one's own.</summary>
    public static ScheduleReport Run(MachineProgram program, ScheduleOptions? options = null)
    {
        options ??= ScheduleOptions.Default;
        return new SearchRun(program.Name, null, () => new MachineProgramRunner(program), NewSource(options), options).Run();
    }

    /// <summary>Replays a schedule of a scenario.</summary>
    /// <param name="schedule">What to replay; <see cref="Schedule.Parse"/> reads it from its text.</param>
    /// <param name="options">What is looked at: crash states, final reads, the volume's check. The options of the search that found
    /// it.</param>
    /// <exception cref="ArgumentException">It has no scenario: it was found in a program of one's own.</exception>
    public static ScheduleReplay Replay(Schedule schedule, ScheduleOptions? options = null)
    {
        options ??= ScheduleOptions.Default;
        Scenario scenario = schedule.Scenario
            ?? throw new ArgumentException("the schedule has no scenario: replay it with its program", nameof(schedule));
        return Replay(schedule, scenario, ProgramsOf(scenario, options), options);
    }

    /// <summary>Replays a schedule of a program of one's own.</summary>
    public static ScheduleReplay Replay(MachineProgram program, Schedule schedule, ScheduleOptions? options = null) =>
        Replay(schedule, null, () => new MachineProgramRunner(program), options ?? ScheduleOptions.Default);

    /// <summary>Tells a schedule step by step: replays it and writes down what happens.</summary>
    /// <param name="schedule">What to tell.</param>
    /// <param name="options">The options of the search that found it.</param>
    /// <exception cref="ReplayDivergedException">The run is not the recorded one.</exception>
    public static ScheduleStory Tell(Schedule schedule, ScheduleOptions? options = null)
    {
        var narrator = new StepNarrator();
        options ??= ScheduleOptions.Default;
        Scenario scenario = schedule.Scenario ?? throw new ArgumentException("the schedule has no scenario: tell it with its program",
            nameof(schedule));
        ScheduleReplay replay = Replay(schedule, scenario, ProgramsOf(scenario, options), options, narrator);
        return StoryOf(replay, narrator);
    }

    /// <summary>Tells a schedule of a program of one's own.</summary>
    /// <exception cref="ReplayDivergedException">The run is not the recorded one.</exception>
    public static ScheduleStory Tell(MachineProgram program, Schedule schedule, ScheduleOptions? options = null)
    {
        var narrator = new StepNarrator();
        ScheduleReplay replay = Replay(schedule, null, () => new MachineProgramRunner(program), options ?? ScheduleOptions.Default,
            narrator);
        return StoryOf(replay, narrator);
    }

    /// <summary>Runs a scenario by a strategy of one's own, once, and tells that run; the story's schedule replays it.</summary>
    /// <param name="scenario">What is run.</param>
    /// <param name="strategy">Who picks what happens next.</param>
    /// <param name="options">What is looked at; how schedules are chosen is the strategy's business.</param>
    public static ScheduleStory Tell(Scenario scenario, IScheduleStrategy strategy, ScheduleOptions? options = null)
    {
        var narrator = new StepNarrator();
        var source = new GivenSource(strategy);
        ScheduleReport report = RunOnce(scenario.Name, scenario, ProgramsOf(scenario, options ?? ScheduleOptions.Default), source,
            options ?? ScheduleOptions.Default, narrator);
        var schedule = new Schedule
        {
            Name = scenario.Name, Scenario = scenario, Origin = GivenSource.Origin, Decisions = source.Decisions, After = source.After,
        };
        return new ScheduleStory(schedule, narrator.Lines, report.Findings);
    }

    /// <summary>Makes a finding small: fewest operations, then fewest preemptions; and replays what comes out.</summary>
    /// <param name="finding">What to shrink: a scenario's finding.</param>
    /// <param name="options">The options of the search that found it; how schedules are chosen is the shrinker's own business.</param>
    /// <param name="shrink">How far to go.</param>
    /// <exception cref="ArgumentException">It was found in a program of one's own.</exception>
    public static ScheduleShrinkResult Shrink(ScheduleFinding finding, ScheduleOptions? options = null,
        Crash.ShrinkOptions? shrink = null) =>
        new ScheduleShrinker(finding, options ?? ScheduleOptions.Default, shrink ?? new Crash.ShrinkOptions()).Shrink();

    private static ScheduleStory StoryOf(ScheduleReplay replay, StepNarrator narrator) => replay.Divergence is null
        ? new ScheduleStory(replay.Schedule, StoryFolding.Fold(narrator.Lines), replay.Findings)
        : throw replay.Divergence;

    private static ScheduleReplay Replay(
        Schedule schedule, Scenario? scenario, Func<IScheduleProgram> newProgram, ScheduleOptions options, StepNarrator? narrator = null)
    {
        var source = new ReplaySource(schedule);
        ScheduleOptions once = options with { MostSchedules = 1, OnFinding = null, OnRun = null, Progress = null, Cancellation = default };
        ScheduleReport report = new SearchRun(schedule.Name, scenario, newProgram, source, once, narrator).Run();
        return new ScheduleReplay(schedule, report.Findings, source.Divergence, source.Decisions);
    }

    private static ScheduleReport RunOnce(
        string name, Scenario? scenario, Func<IScheduleProgram> newProgram, IScheduleSource source, ScheduleOptions options,
        StepNarrator? narrator)
    {
        ScheduleOptions once = options with { MostSchedules = 1, OnFinding = null, Progress = null, Cancellation = default };
        return new SearchRun(name, scenario, newProgram, source, once, narrator).Run();
    }

    private static Func<IScheduleProgram> ProgramsOf(Scenario scenario, ScheduleOptions options)
    {
        var prepared = new PreparedScenario(scenario);
        var bases = new ConcurrentBag<CheckBase>();
        return () => new ScenarioProgram(prepared.ForWorker(), options, bases);
    }

    private static IScheduleSource NewSource(ScheduleOptions options) => options.Strategy switch
    {
        SearchStrategy.Random or SearchStrategy.Pct => new ChanceSource(options),
        SearchStrategy.PreemptionBounded => new PreemptionSource(options.PreemptionBound),
        SearchStrategy.Exhaustive => new ExhaustiveSource(),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options.Strategy, "no such strategy"),
    };
}
