using ExtShell.Engine.Devices;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.IO;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Scenarios;

/// <summary>The machine of a run: disk, volume, and what the scenario's names stand for.</summary>
internal sealed class ScenarioMachine
{
    private readonly Scenario _scenario;
    private readonly MountOptions _options;
    private readonly DeviceFaults _faults = new();

    public ScenarioMachine(Scenario scenario, IScheduleStrategy? strategy)
        : this(scenario, strategy, LabVolumes.Begin(scenario.Volume), null)
    {
    }

    /// <summary>A machine that begins where the set-up of the scenario ended, or on its volume.</summary>
    /// <param name="scenario">What is run.</param>
    /// <param name="strategy">Who picks what happens next; null for the default schedule.</param>
    /// <param name="storage">What the disk holds.</param>
    /// <param name="startNanoseconds">When the mount takes place; null: when the scenario says.</param>
    /// <param name="memory">What the runs of the scenario have in common; null where there is only one.</param>
    public ScenarioMachine(Scenario scenario, IScheduleStrategy? strategy, IStorage storage, long? startNanoseconds,
        RunMemory? memory = null)
    {
        _scenario = scenario;
        Memory = memory ?? new RunMemory();
        Machine = new Machine(strategy) { Arena = Memory.Arena };
        Files = new ScenarioNames<FileHandle>(Machine);
        Ios = new ScenarioNames<DirectIo>(Machine);
        Mappings = new ScenarioNames<FileMapping>(Machine);
        History = new History(Memory.Arena);
        bool needsMemory = WriteProtocols.Describe(scenario.Mount.Protocol).DataPath == DataPath.Memory;
        Disk = scenario.IsPersistentMemory || needsMemory
            ? new PersistentMemory(Machine, storage)
            : new SimulatedDisk(Machine, storage, scenario.Traits);
        _options = scenario.Mount with
        {
            Observer = History, StartTimeUnixNanoseconds = startNanoseconds ?? scenario.Mount.StartTimeUnixNanoseconds,
        };
        Volume = Volume.Mount(Machine, Disk, _options);
    }

    /// <summary>What the runs of the scenario have in common.</summary>
    public RunMemory Memory { get; }

    public Machine Machine { get; }

    public IRecordedDevice Disk { get; }

    public History History { get; }

    public Volume Volume { get; private set; }

    public ScenarioNames<FileHandle> Files { get; }

    public ScenarioNames<DirectIo> Ios { get; }

    /// <summary>What the scenario promises; null before its write log begins.</summary>
    public ScenarioPromises? Promises { get; private set; }

    /// <summary>The set-up is over: the write log and the history begin.</summary>
    public WriteLog BeginLog(Func<WriteLog, Baseline> baseline)
    {
        var promises = new ScenarioPromises(_scenario, History, Files.Values);
        if (_scenario.Holds.Contains(ScenarioPromise.AttributesStay))
            Machine.Clock.Advance(Inode.TickNanoseconds); // else a change within the tick would not be seen
        WriteLog log = Disk.StartLog();
        if (Memory.Arena is { } arena && Disk.Storage is PagedMemory content)
            content.UseArena(arena); // only now: the start of the log outlives the run
        History.Begin(log, baseline(log));
        Promises = promises;
        return log;
    }

    public ScenarioNames<FileMapping> Mappings { get; }

    /// <summary>Makes something fail; what is for a file that never came to be is left out.</summary>
    public void Inject(Injection injection)
    {
        FileHandle? file = null;
        if (injection.File.Length > 0 && !Files.TryGetValue(injection.File, out file))
            return;
        Machine.Touch(SharedState.DeviceFaults, AccessKind.Write);
        if (injection.Kind == InjectionKind.IoError)
            Disk.FaultPlan ??= _faults.Decide;
        injection.Apply(Volume, _faults, file?.Inode ?? 0);
    }

    public async ValueTask RemountAsync()
    {
        if (!Volume.IsMounted)
            Volume = await Volume.MountAsync(Machine, Disk, _options);
    }

    /// <summary>Runs operations one after the other, each as a call from outside.</summary>
    public void RunAlone(IReadOnlyList<Operation> operations)
    {
        var thread = new ScenarioThread(this, operations);
        foreach (Operation operation in operations)
        {
            if (operation.Verb == Verb.Settle)
                Machine.RunUntilIdle();
            else
                Machine.Run(() => thread.RunAsync(operation));
        }
    }

    /// <summary>Runs threads side by side until all have ended; I/O that nobody waited for may be in flight then.</summary>
    public void RunTogether(Scenario scenario)
    {
        Func<bool> haveEnded = SpawnThreads(scenario);
        var allDone = new WaitCondition(Machine, WaitKind.Event, "the threads to end", haveEnded);
        Machine.Run(async () => await allDone.WaitAsync());
    }

    /// <summary>Makes the scenario's threads; the answer says whether all have ended.</summary>
    public Func<bool> SpawnThreads(Scenario scenario)
    {
        int running = scenario.Threads.Count + scenario.Bodies.Count;
        void Spawn(string name, Func<ValueTask> body) => Machine.Spawn(name, async () =>
        {
            await body();
            running--;
        });

        int number = 0;
        foreach (IReadOnlyList<Operation> operations in scenario.Threads)
        {
            var thread = new ScenarioThread(this, [.. operations.Where(operation => operation.Verb != Verb.Settle)]);
            Spawn($"thread {++number}", thread.RunAsync);
        }

        foreach (Func<ScenarioContext, ValueTask> body in scenario.Bodies)
            Spawn($"thread {++number}", () => body(new ScenarioContext(this)));
        return () => running == 0;
    }
}
