using ExtShell.Lab.Crash;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;

namespace ExtShell.Lab.Verbs;

/// <summary>What the laboratory does with schedules.</summary>
public static class ScheduleVerbs
{
    extension(Scenario scenario)
    {
        /// <summary>Searches the schedules of the scenario's threads for failures.</summary>
        /// <param name="options">How, and how far; null for 20,000 random schedules.</param>
        public ScheduleReport SearchSchedules(ScheduleOptions? options = null) => ScheduleSearch.Run(scenario, options);

        /// <summary>
        /// Replays a schedule in this scenario, whatever scenario its text holds: to see whether another protocol, or a cure, shows
        /// the same.
        /// </summary>
        /// <param name="text">A schedule's text.</param>
        /// <param name="options">The options of the search that found it.</param>
        /// <exception cref="ScheduleFormatException">It is malformed; says in which line.</exception>
        public ScheduleReplay Replay(string text, ScheduleOptions? options = null) =>
            ScheduleSearch.Replay(Schedule.Parse(text) with { Scenario = scenario }, options);
    }

    extension(ScheduleFinding finding)
    {
        /// <summary>Makes the finding small: fewest operations, then fewest preemptions.</summary>
        /// <param name="options">The options of the search that found it.</param>
        /// <param name="shrink">How far to go.</param>
        public ScheduleShrinkResult Shrink(ScheduleOptions? options = null, ShrinkOptions? shrink = null) =>
            ScheduleSearch.Shrink(finding, options, shrink);

        /// <summary>Tells the finding's schedule step by step.</summary>
        /// <param name="options">The options of the search that found it.</param>
        public ScheduleStory Tell(ScheduleOptions? options = null) => ScheduleSearch.Tell(finding.Schedule, options);
    }

    /// <summary>Replays a schedule from its text, in the scenario that the text holds.</summary>
    /// <exception cref="ScheduleFormatException">It is malformed; says in which line.</exception>
    public static ScheduleReplay Replay(string text, ScheduleOptions? options = null) => ScheduleSearch.Replay(Schedule.Parse(text),
        options);
}
