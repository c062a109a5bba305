using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Scenarios;
using ExtShell.Lab.Scheduling;
using ExtShell.Lab.Verbs;
using ExtShell.Scripting.Contracts;
using ExtShell.TestTools;

namespace ExtShell.Scripting.Tests;

/// <summary>What scripts see as their own members.</summary>
public sealed class SurfaceTests
{
    /// <summary>Two threads, a protocol with a defect: a reader can see half of an append.</summary>
    internal static Scenario Racing { get; } = Scenario.Parse("""
        scenario "append beside a reader"
        mount protocol=XfsStyle switches=InMemorySizeBeforeConversion
        setup
          create f /f
        thread
          write-direct f at=0 length=4096 data=pattern:1
        thread
          read-buffered f at=0 length=4096
        """) with { Holds = [ScenarioPromise.AppendsAreWhole] };

    [Fact]
    public void SchedulesAreSearchedWithProgressAndEndByTheToken()
    {
        using var source = new CancellationTokenSource();
        var said = new Listener();
        using var experiment = new Experiment([], TextWriter.Null, source.Token) { ProgressListener = said };
        ScheduleReport report = experiment.SearchSchedules(Racing, SearchStrategy.Exhaustive);
        Assert.True(report is { IsExhaustive: true, IsClean: false });
        Assert.Equal("schedules", Assert.Single(said.Said, progress => progress.IsDone).Activity);
        ScheduleReport cured = experiment.SearchSchedules(
            Racing with { Mount = Racing.Mount with { Switches = [] } }, SearchStrategy.Exhaustive, crashStates: true);
        Assert.True(cured is { IsExhaustive: true, IsClean: true, Leaves: > 0 });
        source.Cancel();
        Assert.True(experiment.SearchSchedules(Racing).IsCancelled);
    }

    [Fact]
    public void AScenarioIsReadFromItsFileAndItsCrashStatesAreVisited()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.scenario"), """
            mount switches=ExtendAfterSync
            thread
              create f /f
              write-direct f at=0 length=4096 data=pattern:1 sync=sync
            """);
        using var experiment = new Experiment([], TextWriter.Null);
        CrashReport report = experiment.SearchCrashStates(Experiment.ReadScenario(folder.File("a.scenario")), stopAtFirst: true);
        Assert.Single(report.Findings);
        Assert.Equal(Errno.ENOENT, Assert.Throws<FileSystemException>(() => Experiment.ReadScenario(folder.File("none"))).Errno);
    }

    [Fact]
    public void ACrashStateIsOpenedAndUnmountedWithTheRest()
    {
        Volume after;
        using (var experiment = new Experiment([], TextWriter.Null))
        {
            Volume volume = experiment.NewVolume("16MiB");
            volume.Create("/log").WriteDirect(0, Experiment.Fill('A', 4096), sync: Engine.IO.SyncKind.Sync);
            after = experiment.OpenVolume(volume.Crash().Oldest());
            Assert.Equal(4096, after.Stat("/log").SizeBytes);
            Assert.Equal([volume, after], experiment.Volumes);
        }

        Assert.False(after.IsMounted);
    }

    private sealed class Listener : IProgress<ScriptProgress>
    {
        public List<ScriptProgress> Said { get; } = [];

        public void Report(ScriptProgress value) => Said.Add(value);
    }
}
