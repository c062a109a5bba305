using ExtShell.Lab.Scheduling;

namespace ExtShell.TestTools.Defects;

/// <summary>
/// The questions that were asked in 2012 about the list of completed I/O, each answered by a search and told by a run: what is lost is told
/// by the smallest run that was found; what is not lost by the run in which it is closest.
/// </summary>
/// <param name="folder">Where the rows and scenarios are.</param>
public sealed class QuestionsOf2012(string folder)
{
    private const string Switch = "FlushSeesOnlyTheList";
    private readonly IReadOnlyList<DefectRow> _rows = DefectRow.Load(folder);

    /// <summary>All, as one text.</summary>
    public string Tell()
    {
        var lines = new List<string>
        {
            "The questions of 2012 about the list of completed I/O (Ext4CompletedIo2012), answered by exploring schedules.",
            "Write-back and direct writes into unwritten blocks are listed by their inode when their data is on the device. "
                + "Worker and flush",
            "(A) take all that is listed, (B) convert each, (C) clear the flags of all, (D) complete and free each.",
            "A line with a number is a step: who runs, from where, and who could have run instead; * is a preemption. "
                + "Below it is what it did.",
            "Threads 1 and 2 are the callers', \"direct completions\" is the worker, \"journal\" is the commit thread, "
                + "I/O is the end of a write or flush.",
        };
        int number = 0;
        foreach (QuestionOf2012 question in Ask())
        {
            lines.Add("");
            lines.AddRange(question.ToLines(++number));
        }

        return string.Join('\n', lines) + "\n";
    }

    private IEnumerable<QuestionOf2012> Ask()
    {
        yield return Found("Can flush miss what the worker has drained?", "buffered-into-preallocated-then-sync", Switch,
            "A reviewer asked; the author said no. Yes: of written-back pages. Their write-back ends before the conversion, "
                + "so fsync does not",
            "wait for them; the worker has taken them off the list, so flush finds it empty; fsync commits a transaction without the",
            "conversion and returns. After the cut the blocks are unwritten still: zeroes. Counting from submission cures it.",
            "The other window, completed but not listed yet, cannot be seen here of written-back pages: "
                + "their write-back ends and they are",
            "listed in one interrupt, and no thread runs in between. In a kernel another processor may look on between the two; "
                + "it finds the",
            "empty list that is shown here, and the same counting cures it. It can be seen here of direct writes that are waited for, "
                + "which their",
            "submitter converts off the list: between the end of their data and the conversion they are on no list, "
                + "as those in flight are (2).",
            "Neither is acknowledged before its conversion, so no fsync owes them anything.");
        yield return Control(
            "What of asynchronous direct writes: in flight, and on no list, when fsync is called?", "write-preallocated-beside-a-sync",
            [("thread 1", "acknowledgement"), ("thread 2", null)],
            "Nothing is lost. fsync returns before the write has ended, but the write is acknowledged only after its conversion: "
                + "an fsync that",
            "owes it durability is called later, and commits the conversion.");
        yield return Control("And when the worker has drained an asynchronous write, and truncate comes?", "write-while-truncating",
            [("thread 1", "acknowledgement"), (Worker, "(A)"), ("thread 2", "direct I/O")],
            "Nothing is lost, and nothing is converted that is freed: the in-flight count drops after the conversion, "
                + "and truncate waits for it",
            "with the inode lock held. The worker takes no inode lock, so it goes on.");
        yield return Control("And a punch?", "write-while-punching",
            [("thread 1", "acknowledgement"), (Worker, "(A)"), ("thread 2", "direct I/O")],
            "The same: punch waits for the in-flight count, and frees blocks that are converted.");
        yield return Found("So punch and truncate are clean?", "buffered-into-preallocated-beside-a-punch", Switch,
            "Not with pages that are written back. Nobody counts them: who flushes or the worker has taken the item, "
                + "punch finds the list empty and",
            "frees its blocks; their conversion fails, and the next sync or unmount reports an error though the device failed nothing. "
                + "So with",
            "truncate. The same counting cures it.");
        yield return Unreachable();
        yield return Found(
            "May the worker try the inode lock, and queue itself again where it fails?", "write-while-truncating", "WorkerTriesInodeLock",
            "No. Truncate holds the lock and waits for the in-flight count, which drops after the conversion; "
                + "the conversion is the worker's.",
            "A fair cycle without progress: a livelock, which ends by nobody's turn.");
    }

    private const string Worker = "direct completions";

    /// <summary>Why are the flags of all cleared at once, under the lock?</summary>
    private QuestionOf2012 Unreachable()
    {
        string[] names = ["buffered-into-preallocated-then-sync", "buffered-into-preallocated-beside-a-punch",
            "write-preallocated-beside-a-sync", "write-while-punching"];
        long schedules = 0;
        foreach (string name in names)
        {
            ScheduleReport report = DefectSearch.Cure(Row(name, Switch));
            if (!report.IsClean || !report.IsExhaustive)
                throw new InvalidOperationException($"{name}: {report}");
            schedules += report.Schedules;
        }

        DefectRow row = Row("buffered-into-preallocated-then-sync", Switch);
        ScheduleStory story = ScheduleSearch.Tell(row.Scenario(isCured: true),
            new ScriptedStrategy(("thread 1", "write-back"), (Worker, "(A)"), ("thread 1", "conversion"), (Worker, "(B)")), row.Options());
        return new QuestionOf2012(
            "Why are the flags cleared all at once, under the lock? Nobody else can reach what was taken off the list.",
            [
                "Nobody can, and no run needs it. From (A) to (D) what was taken is its taker's alone: asserted at every step, "
                    + "of every schedule.",
                "Whoever comes meanwhile finds an empty list, and waits for the count, not for the flags:",
            ],
            FormattableString.Invariant(
                $"Searched, cured: {schedules:N0} schedules of {names.Length} scenarios, exhaustively; the assertion held."), story);
    }

    private QuestionOf2012 Found(string question, string scenario, string with, params string[] answer)
    {
        DefectRow row = Row(scenario, with);
        (_, ScheduleFinding? finding) = DefectSearch.Find(row);
        if (finding is null)
            throw new InvalidOperationException($"{row}: not found");
        ScheduleFinding small = DefectSearch.Shrink(row, finding).Finding;
        ScheduleReport cured = DefectSearch.Cure(row);
        string searched = FormattableString.Invariant(
            $"Found in schedule {finding.Number:N0}. Cured: nothing in {cured.Schedules:N0}{Exhaustively(cured)}.");
        return new QuestionOf2012(question, answer, searched, ScheduleSearch.Tell(small.Schedule, row.Options() with { FairSteps = 12 }));
    }

    private QuestionOf2012 Control(
        string question, string scenario, IReadOnlyList<(string Thread, string? Until)> stages, params string[] answer)
    {
        DefectRow row = Row(scenario, Switch);
        (ScheduleReport report, ScheduleFinding? finding) = DefectSearch.Find(row);
        if (finding is not null)
            throw new InvalidOperationException($"{row}: {finding}");
        string searched = FormattableString.Invariant(
            $"{report.Schedules:N0} schedules with {report.CrashStates:N0} crash states{Exhaustively(report)}: nothing.");
        return new QuestionOf2012(question, answer, "Searched with the switch on: " + searched,
            ScheduleSearch.Tell(row.Scenario(isCured: false), new ScriptedStrategy([.. stages]), row.Options()));
    }

    private static string Exhaustively(ScheduleReport report) => report.IsExhaustive ? ", exhaustively" : "";

    private DefectRow Row(string scenario, string with) =>
        _rows.First(row => row.ScenarioName == scenario && row.Defective is [var only] && only == with);
}
