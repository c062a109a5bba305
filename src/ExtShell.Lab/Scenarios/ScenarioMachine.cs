using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Scenarios;

/// <summary>The machine of a run: disk, volume, and what the scenario's names stand for.</summary>
internal sealed class ScenarioMachine
{
    private readonly MountOptions _options;

    public ScenarioMachine(Scenario scenario, IScheduleStrategy? strategy)
    {
        Machine = new Machine(strategy);
        Disk = new SimulatedDisk(Machine, LabVolumes.Begin(scenario.Volume), scenario.Traits);
        _options = scenario.Mount with { Observer = History };
        Volume = Volume.Mount(Machine, Disk, _options);
    }

    public Machine Machine { get; }

    public SimulatedDisk Disk { get; }

    public History History { get; } = new();

    public Volume Volume { get; private set; }

    public Dictionary<string, FileHandle> Files { get; } = [];

    public Dictionary<string, DirectIo> Ios { get; } = [];

    public Dictionary<string, FileMapping> Mappings { get; } = [];

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
    public void RunTogether(IReadOnlyList<IReadOnlyList<Operation>> threads)
    {
        int running = threads.Count;
        for (int i = 0; i < threads.Count; i++)
        {
            var thread = new ScenarioThread(this, [.. threads[i].Where(operation => operation.Verb != Verb.Settle)]);
            Machine.Spawn($"thread {i + 1}", async () =>
            {
                await thread.RunAsync();
                running--;
            });
        }

        var allDone = new WaitCondition(Machine, WaitKind.Event, "the threads to end", () => running == 0);
        Machine.Run(async () => await allDone.WaitAsync());
    }
}
