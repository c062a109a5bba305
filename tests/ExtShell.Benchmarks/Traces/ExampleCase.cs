using ExtShell.Engine.IO;
using ExtShell.Lab.Scenarios;
using ExtShell.TestTools.Defects;
using ExtShell.TestTools.Regressions;

namespace ExtShell.TestTools.Traces;

/// <summary>A scenario of the examples with the protocol and the switches that it is there for.</summary>
/// <param name="Name">The file's path below the examples, without its extension, and the protocol with its switches.</param>
/// <param name="Scenario">What is run.</param>
public sealed record ExampleCase(string Name, Scenario Scenario)
{
    /// <summary>The scenario's file, below the examples, without its extension.</summary>
    public string Path => Name.Split(' ')[0];

    /// <summary>
    /// All cases of a folder of examples: a defect's scenario with its switches on, and off; a regression's under every protocol; any other
    /// as it is written.
    /// </summary>
    public static IReadOnlyList<ExampleCase> Load(string folder)
    {
        var cases = new List<ExampleCase>();
        foreach (DefectRow row in DefectRow.Load(System.IO.Path.Combine(folder, "defects")))
        {
            string name = $"defects/{row.ScenarioName} {row.Protocol}";
            cases.Add(new ExampleCase($"{name} {string.Join(' ', row.Defective)}", row.Scenario(isCured: false)));
            cases.Add(new ExampleCase($"{name} cured of {string.Join(' ', row.Defective)}", row.Scenario(isCured: true)));
        }

        foreach (RegressionScenario regression in RegressionScenario.Load(System.IO.Path.Combine(folder, "regressions")))
        {
            foreach (RegressionCase one in WriteProtocols.All.Select(protocol => regression.Under(protocol).First()))
                cases.Add(new ExampleCase($"regressions/{regression.Name} {one}", one.Scenario));
        }

        HashSet<string> known = [.. cases.Select(static one => one.Path)];
        foreach (string path in Paths(folder).Where(path => !known.Contains(path)))
            cases.Add(new ExampleCase(path, Scenario.Parse(File.ReadAllText(System.IO.Path.Combine(folder, path + ".scenario")))));
        return cases;
    }

    /// <summary>The scenarios' files, below the folder, without their extension.</summary>
    public static IEnumerable<string> Paths(string folder) =>
        Directory.GetFiles(folder, "*.scenario", SearchOption.AllDirectories)
            .Select(path => System.IO.Path.ChangeExtension(System.IO.Path.GetRelativePath(folder, path), null).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
