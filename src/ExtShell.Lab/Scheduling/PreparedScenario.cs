using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Scheduling;

/// <summary>A scenario whose set-up was run once: every run begins with a mount of what it left.</summary>
/// <remarks>
/// (1) The volume is unmounted after the set-up and mounted anew for each run, with the files opened again that the set-up had left
/// open. Where that is not the same (a file that is open without a name, a write that was not waited for, a volume that was not mounted, an
/// open that permissions or flags may refuse by now), each run makes the set-up itself.
/// (2) I/O takes no time: which ends first is the schedule's to say, and steps that commute must not differ in the clock.
/// </remarks>
internal sealed class PreparedScenario
{
    private readonly List<(string Name, string Path, OpenOptions Options, Caller Caller)> _files = [];
    private readonly IStorage? _afterSetup;
    private readonly long _startNanoseconds;

    public PreparedScenario(Scenario scenario)
    {
        Scenario = scenario;
        ScenarioMachine machine = SetUp(scenario, null);
        Baseline = Baseline.Capture(machine.Disk.Storage);
        _startNanoseconds = machine.Machine.Clock.NowNanoseconds;
        if (!CanRemount(machine))
            return;
        machine.Volume.Unmount();
        _afterSetup = machine.Disk.Storage;
    }

    private PreparedScenario(PreparedScenario from)
    {
        Scenario = from.Scenario;
        Baseline = from.Baseline;
        _files = from._files;
        _startNanoseconds = from._startNanoseconds;
        _afterSetup = from._afterSetup?.Snapshot();
    }

    public Scenario Scenario { get; }

    /// <summary>What the volume holds when the threads begin.</summary>
    public Baseline Baseline { get; }

    /// <summary>The same for another worker.</summary>
    public PreparedScenario ForWorker() => new(this);

    /// <summary>Makes the machine of a run: mounted, set up, idle, its write log running.</summary>
    /// <param name="strategy">Who picks what happens next.</param>
    /// <param name="memory">What the runs have in common; null where there is only one.</param>
    public ScenarioMachine Begin(IScheduleStrategy strategy, RunMemory? memory = null)
    {
        ScenarioMachine machine = _afterSetup is null
            ? SetUp(Scenario, strategy)
            : new ScenarioMachine(Scenario, strategy, _afterSetup.Snapshot(), _startNanoseconds, memory);
        if (_afterSetup is not null)
            Reopen(machine);
        machine.Machine.RunUntilIdle();
        if (machine.Disk is SimulatedDisk disk)
            disk.LatencyNanoseconds = 0; // (2)
        machine.BeginLog(_ => Baseline);
        return machine;
    }

    private static ScenarioMachine SetUp(Scenario scenario, IScheduleStrategy? strategy)
    {
        var machine = new ScenarioMachine(scenario, strategy);
        machine.RunAlone(scenario.Setup);
        machine.RunAlone([Operation.SyncVolume()]);
        machine.Machine.RunUntilIdle();
        return machine;
    }

    private void Reopen(ScenarioMachine machine)
    {
        foreach ((string name, string path, OpenOptions options, Caller caller) in _files)
            machine.Files[name] = machine.Volume.Open(path, options, caller);
    }

    private bool CanRemount(ScenarioMachine machine) // (1)
    {
        if (!machine.Volume.IsMounted || machine.Volume.IsReadOnly || machine.Ios.Count > 0)
            return false;
        foreach ((string name, FileHandle file) in machine.Files.OrderBy(entry => entry.Value.Number))
        {
            if (!IsAt(machine.Volume, file))
                return false;
            _files.Add((name, file.Path, file.Options & ~(OpenOptions.Create | OpenOptions.Exclusive | OpenOptions.Truncate), file.Caller));
        }

        return machine.Volume.OpenHandles.Count == _files.Count;
    }

    private static bool IsAt(Volume volume, FileHandle file)
    {
        try
        {
            InodeStatus status = volume.Stat(file.Path);
            bool mayBeRefused = !file.Caller.IsRoot || (status.Flags & (InodeFlags.Immutable | InodeFlags.AppendOnly)) != 0;
            return status.Inode == file.Inode && !mayBeRefused;
        }
        catch (FileSystemException)
        {
            return false;
        }
    }
}
