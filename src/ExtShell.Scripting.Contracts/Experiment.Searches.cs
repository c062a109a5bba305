using System.Globalization;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;
using ExtShell.Lab.Verbs;

namespace ExtShell.Scripting.Contracts;

public sealed partial class Experiment
{
    private const string CrashActivity = "crash states";
    private const string ScheduleActivity = "schedules";

    /// <summary>
    /// The direct I/O protocols, in the order of history: what each does, what it promises, and the defects that can be turned on.
    /// </summary>
    public static IReadOnlyList<ProtocolDescription> GetProtocols() => WriteProtocols.All;

    /// <summary>What a protocol says of itself.</summary>
    /// <param name="name">Its name; case does not matter.</param>
    /// <exception cref="FileSystemException">EINVAL: no protocol has that name.</exception>
    public static ProtocolDescription GetProtocol(string name) => WriteProtocols.Describe(name);

    /// <summary>Where two protocols differ, aspect by aspect; what both say alike is left out.</summary>
    /// <param name="left">The name of the one.</param>
    /// <param name="right">The name of the other.</param>
    /// <exception cref="FileSystemException">EINVAL: no protocol has that name.</exception>
    public static IReadOnlyList<ProtocolDifference> CompareProtocols(string left, string right) => WriteProtocols.Compare(left, right);

    /// <summary>A scenario from its text file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileSystemException">ENOENT: no such file.</exception>
    /// <exception cref="FormatException">It is malformed; the message names the line.</exception>
    public static Scenario ReadScenario(string path) => File.Exists(path)
        ? Scenario.Parse(File.ReadAllText(path))
        : throw new FileSystemException(Errno.ENOENT, $"read the scenario '{path}'", "there is no such file");

    /// <summary>
    /// Visits every state that a power cut can leave, as the volume's own verb does, and shows how far it is; Ctrl+C ends it early, with
    /// what was seen until then.
    /// </summary>
    /// <param name="volume">The volume.</param>
    /// <param name="device">What the device does with writes when the power fails; null for its own traits.</param>
    /// <param name="stopAtFirst">Whether to end at the first broken promise.</param>
    public CrashReport SearchCrashStates(Volume volume, DeviceModel? device = null, bool stopAtFirst = false) =>
        Watched(CrashActivity, () => volume.SearchCrashStates(device, Exploring(stopAtFirst)));

    /// <summary>Runs a scenario by the default schedule, and visits every state that a power cut can leave.</summary>
    /// <param name="scenario">The scenario; its own device line says what a cut can do.</param>
    /// <param name="stopAtFirst">Whether to end at the first broken promise.</param>
    public CrashReport SearchCrashStates(Scenario scenario, bool stopAtFirst = false) =>
        Watched(CrashActivity, () => CrashSearch.Explore(scenario, Exploring(stopAtFirst)).Report);

    /// <summary>
    /// Searches the schedules of a scenario's threads (who goes on at each place where several could) for wrong reads, lost updates,
    /// deadlocks and livelocks, and shows how far it is; Ctrl+C ends it early, with what was seen until then.
    /// </summary>
    /// <param name="scenario">The scenario; its threads race.</param>
    /// <param name="strategy">How schedules are chosen.</param>
    /// <param name="crashStates">Whether the crash states of each schedule are visited too.</param>
    /// <param name="options">Everything else: seed, bounds, workers; null for 20,000 schedules.</param>
    public ScheduleReport SearchSchedules(
        Scenario scenario, SearchStrategy strategy = SearchStrategy.Random, bool crashStates = false, ScheduleOptions? options = null) =>
        Watched(ScheduleActivity, () => scenario.SearchSchedules((options ?? ScheduleOptions.Default) with
        {
            Strategy = strategy,
            ExploresCrashStates = crashStates,
            Cancellation = Cancellation,
            Progress = new Watch<ScheduleProgress>(Say),
        }));

    private ExploreOptions Exploring(bool stopAtFirst) => new()
    {
        StopAtFirstViolation = stopAtFirst,
        Cancellation = Cancellation,
        Progress = new Watch<ExploreProgress>(Say),
    };

    private T Watched<T>(string activity, Func<T> search)
    {
        try
        {
            return search();
        }
        finally
        {
            EndProgress(activity);
        }
    }

    private void Say(ExploreProgress now) => WriteProgress(
        CrashActivity,
        string.Create(CultureInfo.InvariantCulture, $"cut {now.Cut:N0} of {now.LastCut:N0}, {now.Leaves:N0} leaves, {now.Findings} found"),
        now.LastCut == 0 ? -1 : (int)(100L * now.Cut / now.LastCut));

    private void Say(ScheduleProgress now) => WriteProgress(
        ScheduleActivity,
        string.Create(CultureInfo.InvariantCulture, $"{now.Schedules:N0} run, {now.Distinct:N0} distinct, {now.Findings} found"),
        now.MostSchedules == 0 ? -1 : (int)(100 * now.Schedules / now.MostSchedules));

    private sealed class Watch<T>(Action<T> say) : IProgress<T>
    {
        public void Report(T value) => say(value);
    }
}
