using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Scenarios;

/// <summary>
/// A run to be made: a volume, what is done to it before the write log begins, what each thread does then, on which device, by which
/// protocol. Its text form is for people: <see cref="ToText"/> and <see cref="Parse"/> are each other's inverse.
/// </summary>
public sealed record Scenario
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "scenario";

    /// <summary>The volume it begins with.</summary>
    public VolumeSpecification Volume { get; init; } = new();

    /// <summary>How the volume is mounted: journal mode, barrier, protocol, switches.</summary>
    public MountOptions Mount { get; init; } = MountOptions.Default;

    /// <summary>What the device says of itself.</summary>
    public DeviceTraits Traits { get; init; } = new(HasVolatileCache: true);

    /// <summary>Whether the device is persistent memory, which a protocol can map and copy to; else it is a disk. A protocol that
    /// cannot do without gets it in any case.</summary>
    public bool IsPersistentMemory { get; init; }

    /// <summary>What the device does at a cut.</summary>
    public DeviceModel Device { get; init; } = new();

    /// <summary>What is done, and synced, before the write log begins.</summary>
    public IReadOnlyList<Operation> Setup { get; init; } = [];

    /// <summary>What each thread does while the write log runs.</summary>
    public IReadOnlyList<IReadOnlyList<Operation>> Threads { get; init; } = [];

    /// <summary>What must hold in its runs beyond the ledger's rules.</summary>
    public IReadOnlyList<ScenarioPromise> Holds { get; init; } = [];

    /// <summary>
    /// Threads written in C#, beside <see cref="Threads"/>; they await nothing but the volume's own operations. They have no text form.
    /// </summary>
    public IReadOnlyList<Func<ScenarioContext, ValueTask>> Bodies { get; init; } = [];

    /// <summary>What is expected of it: <c>clean</c>, a kind of violation, or nothing.</summary>
    public string Expectation { get; init; } = "";

    /// <summary>How many operations it has.</summary>
    public int OperationCount => Setup.Count + Threads.Sum(thread => thread.Count);

    /// <summary>The text form.</summary>
    public string ToText() => ScenarioText.Write(this);

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">It is malformed; the message names the line.</exception>
    public static Scenario Parse(string text) => ScenarioText.Parse(text);
}
