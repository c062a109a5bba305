using System.Collections;
using System.Numerics;
using ExtShell.Engine.IO;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Looking;
using ExtShell.Lab.Scheduling;
using ExtShell.Lab.Verbs;
using ExtShell.Repl.Display;
using ExtShell.Repl.Running;
using ExtShell.Scripting.Contracts;
using Spectre.Console;

namespace ExtShell.Scripting.Tests;

/// <summary>What results look like: as pictures, as plain text, as JSON.</summary>
public sealed class DisplayTests
{
    [Fact]
    public void AMapTellsWrittenUnwrittenHolesAndWhatIsPastTheEnd()
    {
        var map = new FileMap(
            [
                new BlockMapping(0, 100, 2, MappingState.Written), new BlockMapping(3, 200, 2, MappingState.Unwritten),
                new BlockMapping(6, 300, 1, MappingState.Unwritten), new BlockMapping(7, 400, 1, MappingState.Written),
            ],
            4096,
            5 * 4096);
        Assert.Equal([(0L, "WW.uu.pX")], map.Rows());
        Assert.EndsWith("a letter is a block", map.ToString(), StringComparison.Ordinal);
        Assert.Equal([(0L, "WWu....")],
            new FileMap([new(0, 1, 2, MappingState.Written), new(2, 9, 1, MappingState.Unwritten)], 4096, (6 * 4096) + 1).Rows());
    }

    [Fact]
    public void AMapOfALargeFileIsScaled()
    {
        var map = new FileMap([new(0, 1, 2000, MappingState.Written), new(2001, 5000, 47, MappingState.Unwritten)], 4096, null);
        Assert.Equal(2, map.BlocksPerLetter);
        Assert.Equal(16, map.Rows().Count);
        Assert.Equal(new string('W', 64), map.Rows()[0].Letters);
        Assert.Equal(64 * 2 * 4096, map.Rows()[1].OffsetBytes);
        Assert.Equal('+', map.Rows()[15].Letters[1000 - (15 * 64)]);
        Assert.Equal('u', map.Rows()[15].Letters[^1]);
        Assert.Empty(new FileMap([], 4096, 0).Rows());
    }

    [Fact]
    public void AnAnonymousValueIsShownByItsProperties()
    {
        string shown = Picture(new { Name = "one", Sizes = new[] { 1, 2 } });
        Assert.Matches("Name +one", shown);
        Assert.Matches("Sizes +2 items", shown);
    }

    [Fact]
    public void AFileIsShownAsItsMap()
    {
        using var experiment = new Experiment([], TextWriter.Null);
        using Volume volume = experiment.NewVolume("16MiB");
        FileHandle file = volume.Create("/log");
        file.WriteDirect(0, Experiment.Fill('A', 4096));
        file.Fallocate(8192, 8192, keepSize: true);
        Assert.Contains("W.pp", Picture(file), StringComparison.Ordinal);
        Assert.Contains("W.uu", Picture(file.GetExtents()), StringComparison.Ordinal);
        Assert.Contains("LogicalBlock", Picture(file.GetExtents()), StringComparison.Ordinal);
        Assert.Contains("log  4,096 bytes", Picture(volume), StringComparison.Ordinal);
        Assert.Contains("lost+found/", Picture(volume.Check().Tree), StringComparison.Ordinal);
        Assert.Contains("OpenVolume(_.Oldest())", Picture(volume.Crash()), StringComparison.Ordinal);
        Assert.Matches("InnerPath +/log\n", Picture(volume.GetInode("/log")));
        Assert.Contains("2025-01-01 00:00:00.0", Picture(file.Stat()), StringComparison.Ordinal);
    }

    [Fact]
    public void AReportIsTablesAndAStoryATimeline()
    {
        using var experiment = new Experiment([], TextWriter.Null);
        Volume volume = experiment.NewVolume("16MiB", switches: ["ExtendAfterSync"]);
        volume.Create("/log").WriteDirect(0, Experiment.Fill('A', 4096), sync: Engine.IO.SyncKind.Sync);
        CrashReport report = experiment.SearchCrashStates(volume);
        string shown = Picture(report);
        Assert.All(["broken promise", "LostSize", "States", "v.Tell(_.Findings[0])"], part =>
            Assert.Contains(part, shown, StringComparison.Ordinal));
        string story = Picture(volume.Tell(report.Findings[0]));
        Assert.All(["✗ power", "● call", "THE POWER FAILS", "After recovery"], part =>
            Assert.Contains(part, story, StringComparison.Ordinal));
        Assert.Contains("promised", Picture(report.Findings[0]), StringComparison.Ordinal);
        Assert.True(Verdict.HasFindings(report));
        Assert.True(Verdict.HasFindings(new List<object> { 1, report.Findings[0] }));
        Assert.False(Verdict.HasFindings(volume.Check()));
        Assert.True(Verdict.IsReport(volume.Check()));
        Assert.False(Verdict.IsReport("text"));
    }

    [Fact]
    public void ProtocolsAreToldAndCompared()
    {
        Assert.All(["Ext4Iomap2023", "XfsStyle", "InMemorySizeBeforeConversion"], part =>
            Assert.Contains(part, Picture(Experiment.GetProtocols()), StringComparison.Ordinal));
        string one = Picture(Experiment.GetProtocol("xfsstyle"));
        Assert.All(["History", "Invariants", "(10)", "Windows", "Guarantees", "InMemorySizeBeforeConversion", "DefectsCured"], part =>
            Assert.Contains(part, one, StringComparison.Ordinal));
        string both = Picture(Experiment.CompareProtocols("Ext4Iomap2023", "XfsStyle"));
        Assert.All(["Ext4Iomap2023", "XfsStyle", "Allocation", "DefectsAsPosted"], part =>
            Assert.Contains(part, both, StringComparison.Ordinal));
        ProtocolDifference locks = Experiment.CompareProtocols("Ext4Iomap2023", "XfsStyle").Single(static one => one.Aspect == "Locks");
        Assert.StartsWith("Locks\n  Ext4Iomap2023: Inode lock", $"{locks}", StringComparison.Ordinal);
    }

    [Fact]
    public void ASearchOfSchedulesIsATableAndAScheduleATimeline()
    {
        using var experiment = new Experiment([], TextWriter.Null);
        ScheduleReport report = experiment.SearchSchedules(SurfaceTests.Racing, SearchStrategy.Exhaustive);
        Assert.All(["exhaustively", "BrokenHold", "Tell()"], part => Assert.Contains(part, Picture(report), StringComparison.Ordinal));
        Assert.Contains("decisions", Picture(report.Findings[0]), StringComparison.Ordinal);
        string story = Picture(report.Findings[0].Tell());
        Assert.All(["● thread 1", "★", "calls 2", "✗ BrokenHold"], part => Assert.Contains(part, story, StringComparison.Ordinal));
        Assert.True(Verdict.HasFindings(report));
        Assert.True(Verdict.HasFindings(report.Findings[0]));
        Assert.Contains("\"kind\":\"BrokenHold\"", JsonText.Lines(report.Findings).Single(), StringComparison.Ordinal);
    }

    [Fact]
    public void CollectionsAreTablesAndValuesWords()
    {
        string table = Picture(new[] { new { Name = "a", Count = 1234 }, new { Name = "b", Count = 2 } });
        Assert.All(["Name", "Count", "1,234"], part => Assert.Contains(part, table, StringComparison.Ordinal));
        Assert.Equal("1\n2", Picture(new[] { 1, 2 }));
        Assert.Equal("nothing", Picture(Array.Empty<int>()));
        Assert.Contains("the first 100", Picture(Enumerable.Range(0, 200)), StringComparison.Ordinal);
        Assert.Contains("00000000  41 41", Picture(new byte[] { 0x41, 0x41 }), StringComparison.Ordinal);
        Assert.Contains("Key", Picture(new Hashtable { ["a"] = 1 }), StringComparison.Ordinal);
        Assert.Equal("[not markup]", Picture("[not markup]"));
    }

    [Fact]
    public void JsonHasALineForEachItem()
    {
        Assert.Equal(["1", "2"], JsonText.Lines(new[] { 1, 2 }));
        Assert.Equal(
            ["""{"name":"ä","count":null,"big":"36893488147419103232","bytes":"QUE=","kind":"Friday","nested":[{"a":1}]}"""],
            JsonText.Lines(new { Name = "ä", Count = (int?)null, Big = BigInteger.Pow(2, 65), Bytes = new byte[] { 0x41, 0x41 },
                Kind = DayOfWeek.Friday, Nested = new[] { new { A = 1 } } }));
        Assert.Equal(["null"], JsonText.Lines(null));
        Assert.Equal(["{\"a\":1.5}"], JsonText.Lines(new Hashtable { ["a"] = 1.5 }));
    }

    private static string Picture(object value)
    {
        using var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 160;
        console.Write(new Spectre.Console.Rows(Pictures.Of(value)));
        return string.Join('\n', text.ToString().Split('\n').Select(line => line.TrimEnd())).TrimEnd();
    }
}
