using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;

namespace ExtShell.Lab.Scenarios;

/// <summary>What a scenario's thread that is written in C# works with.</summary>
public sealed class ScenarioContext
{
    private readonly ScenarioMachine _machine;

    internal ScenarioContext(ScenarioMachine machine) => _machine = machine;

    /// <summary>The machine.</summary>
    public Machine Machine => _machine.Machine;

    /// <summary>The volume.</summary>
    public Volume Volume => _machine.Volume;

    /// <summary>The open files, by the names that the scenario gave them.</summary>
    public IReadOnlyDictionary<string, FileHandle> Files => _machine.Files;
}
