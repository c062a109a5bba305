using ExtShell.Engine.Volumes;

namespace ExtShell.Lab.Scenarios;

/// <summary>
/// Scenarios that are a little smaller or simpler than another. Operations are numbered: the set-up's first, then each thread's.
/// </summary>
internal static class ScenarioEdits
{
    public static Operation At(Scenario scenario, int index)
    {
        foreach (IReadOnlyList<Operation> part in Parts(scenario))
        {
            if (index < part.Count)
                return part[index];
            index -= part.Count;
        }

        throw new ArgumentOutOfRangeException(nameof(index));
    }

    public static Scenario With(Scenario scenario, int index, Operation operation) =>
        Edit(scenario, (number, kept) => number == index ? operation : kept);

    public static Scenario Without(Scenario scenario, int first, int count) =>
        Edit(scenario, (number, kept) => number >= first && number < first + count ? null : kept);

    /// <summary>What is around the operations, made simpler in one thing.</summary>
    public static IEnumerable<Scenario> SimplerSurroundings(Scenario scenario)
    {
        if (scenario.Threads.Count > 1)
        {
            yield return scenario with { Threads = [.. scenario.Threads.Where(thread => thread.Count > 0)] };
            yield return scenario with { Threads = [[.. scenario.Threads.SelectMany(thread => thread)]] };
        }

        for (int i = 0; i < scenario.Mount.Switches.Count; i++)
        {
            string without = scenario.Mount.Switches[i];
            string[] left = [.. scenario.Mount.Switches.Where(name => name != without)];
            yield return scenario with { Mount = scenario.Mount with { Switches = left } };
        }

        MountOptions plain = MountOptions.Default;
        if (scenario.Mount.Barrier != plain.Barrier)
            yield return scenario with { Mount = scenario.Mount with { Barrier = plain.Barrier } };
        if (scenario.Mount.Journal != plain.Journal)
            yield return scenario with { Mount = scenario.Mount with { Journal = plain.Journal } };
        if (scenario.Traits.HasFua)
            yield return scenario with { Traits = scenario.Traits with { HasFua = false } };
        if (scenario.Device.AtomicUnitBytes != 4096)
            yield return scenario with { Device = scenario.Device with { AtomicUnitBytes = 4096 } };
        if (scenario.Device.Barrier != BarrierMode.Flush)
            yield return scenario with { Device = scenario.Device with { Barrier = BarrierMode.Flush } };
        if (!scenario.Device.HasVolatileCache)
        {
            yield return scenario with
            {
                Device = scenario.Device with { HasVolatileCache = true },
                Traits = scenario.Traits with { HasVolatileCache = true },
            };
        }
    }

    private static IEnumerable<IReadOnlyList<Operation>> Parts(Scenario scenario) => scenario.Threads.Prepend(scenario.Setup);

    private static Scenario Edit(Scenario scenario, Func<int, Operation, Operation?> edit)
    {
        int number = 0;
        List<Operation> Part(IReadOnlyList<Operation> operations)
        {
            var kept = new List<Operation>(operations.Count);
            foreach (Operation operation in operations)
            {
                if (edit(number++, operation) is { } edited)
                    kept.Add(edited);
            }

            return kept;
        }

        List<Operation> setup = Part(scenario.Setup);
        return WithoutWhatDoesNothing(scenario with { Setup = setup, Threads = [.. scenario.Threads.Select(Part)] });
    }

    /// <summary>Operations on names that nothing gives any more go with what gave them.</summary>
    private static Scenario WithoutWhatDoesNothing(Scenario scenario)
    {
        var names = new NamesInUse(Parts(scenario).SelectMany(static part => part));
        List<Operation> Kept(IReadOnlyList<Operation> part) => [.. part.Where(operation => names.WhatIsMissing(operation) is null)];
        return scenario with { Setup = Kept(scenario.Setup), Threads = [.. scenario.Threads.Select(Kept)] };
    }
}
