using System.Globalization;
using System.Text;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Scheduling;

/// <summary>
/// A schedule as text. First line <c>schedule 1</c>, the version. Then <c>name</c>, <c>origin</c> and <c>shows</c>, each with the
/// rest of its line;
/// <c>scenario</c>, followed by the scenario's own lines, each behind two blanks; <c>decisions</c> with their number, followed by
/// one line for each, or for
/// several that are alike with <c>x</c> and how many; and <c>end</c>. A line with one actor alone is a step between decisions where only
/// one thing could happen. What an actor is about to do follows it behind a colon; texts without that, and without those lines, are read
/// too.
/// </summary>
internal static class ScheduleText
{
    private const string Head = "schedule 1";
    private const string Indent = "  ";

    public static string Write(Schedule schedule)
    {
        var text = new StringBuilder(Head).Append('\n');
        text.Append("name ").Append(schedule.Name).Append('\n');
        if (schedule.Origin.Length > 0)
            text.Append("origin ").Append(schedule.Origin).Append('\n');
        if (schedule.Shows.Length > 0)
            text.Append("shows ").Append(schedule.Shows).Append('\n');
        if (schedule.Scenario is { } scenario)
        {
            text.Append("scenario\n");
            foreach (string line in scenario.ToText().TrimEnd('\n').Split('\n'))
                text.Append(Indent).Append(line).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"decisions {schedule.Decisions.Count}\n");
        AppendLines(text, [.. schedule.Decisions.SelectMany(LinesOf), .. schedule.After.Select(static move => $"{move}")]);
        return text.Append("end\n").ToString();
    }

    private static IEnumerable<string> LinesOf(ScheduleDecision decision) =>
        [.. decision.Before.Select(static move => $"{move}"), $"{decision}"];

    private static void AppendLines(StringBuilder text, string[] lines)
    {
        for (int i = 0; i < lines.Length;)
        {
            int alike = 1;
            while (i + alike < lines.Length && lines[i + alike] == lines[i])
                alike++;
            text.Append(Indent).Append(lines[i]);
            if (alike > 1)
                text.Append(CultureInfo.InvariantCulture, $" x{alike}");
            text.Append('\n');
            i += alike;
        }
    }

    public static Schedule Parse(string text) => new Reader(text).Read();

    private sealed class Reader(string text)
    {
        private readonly string[] _lines = text.ReplaceLineEndings("\n").Split('\n');
        private readonly List<ScheduleMove> _only = []; // since the last decision
        private int _next;

        private int Number => _next; // of the line that was taken last, from 1

        public Schedule Read()
        {
            if (Take() != Head)
                throw Malformed($"a schedule begins with '{Head}'");
            string name = ReadRest("name") ?? throw Malformed("'name' is missing");
            var schedule = new Schedule
            {
                Name = name,
                Origin = ReadRest("origin") ?? "",
                Shows = ReadRest("shows") ?? "",
                Scenario = ReadScenario(),
                Decisions = ReadDecisions(),
                After = ReadAfter(),
            };
            if (Take() != "end")
                throw Malformed("'end' is missing");
            return schedule;
        }

        private Scenario? ReadScenario()
        {
            if (Peek() != "scenario")
                return null;
            Take();
            int first = Number;
            var lines = new StringBuilder();
            while (Peek() is { } line && line.StartsWith(Indent, StringComparison.Ordinal))
                lines.Append(Take().AsSpan(Indent.Length)).Append('\n');
            try
            {
                return Scenario.Parse(lines.ToString());
            }
            catch (FormatException malformed)
            {
                throw new ScheduleFormatException(first, "the scenario that begins behind it: " + malformed.Message);
            }
        }

        private List<ScheduleDecision> ReadDecisions()
        {
            string count = ReadRest("decisions") ?? throw Malformed("'decisions' is missing");
            if (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int expected))
                throw Malformed($"'{count}' is no number of decisions");
            var decisions = new List<ScheduleDecision>();
            while (decisions.Count < expected)
                ReadStep(decisions);
            return decisions.Count == expected ? decisions : throw Malformed($"there are more than {expected} decisions");
        }

        private ScheduleMove[] ReadAfter()
        {
            var none = new List<ScheduleDecision>();
            while (Peek() is { } line && line.StartsWith(Indent, StringComparison.Ordinal))
                ReadStep(none);
            return none.Count == 0 ? [.. _only] : throw Malformed("there are more decisions than the text says");
        }

        private void ReadStep(List<ScheduleDecision> into)
        {
            string[] words = Take().Split(' ', StringSplitOptions.RemoveEmptyEntries);
            int repeat = 1;
            if (words.Length > 0 && words[^1].StartsWith('x'))
            {
                if (!int.TryParse(words[^1].AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out repeat) || repeat < 1)
                    throw Malformed($"'{words[^1]}' is no number of repetitions");
                words = words[..^1];
            }

            if (words.Length == 1 && ScheduleMove.TryParse(words[0], out ScheduleMove only))
                _only.AddRange(Enumerable.Repeat(only, repeat));
            else
                AddDecision(ReadDecision(words), repeat, into);
        }

        /// <summary>What came before the first of several that are alike did not come before the others.</summary>
        private static void AddDecision(ScheduleDecision decision, int repeat, List<ScheduleDecision> into)
        {
            into.Add(decision);
            into.AddRange(Enumerable.Repeat(decision with { Before = [] }, repeat - 1));
        }

        private ScheduleDecision ReadDecision(string[] words)
        {
            if (words.Length < 4 || words[1] != "of")
                throw Malformed("a decision is written as 't3 of t1:yield t3:lock io7:end'");
            ScheduleActor picked = ParseActor(words[0]);
            string[] offered = words[2..];
            bool hasKinds = offered[0].Contains(':', StringComparison.Ordinal);
            ScheduleMove[] moves = [.. offered.Select(word => hasKinds ? ParseMove(word) : new ScheduleMove(ParseActor(word), default))];
            ScheduleActor[] choices = [.. moves.Select(static move => move.Actor)];
            int pick = Array.IndexOf(choices, picked);
            if (pick < 0)
                throw Malformed($"{picked} was picked, and is not on offer");
            ScheduleMove[] before = [.. _only];
            _only.Clear();
            return new ScheduleDecision(pick, choices)
            {
                Kinds = hasKinds ? [.. moves.Select(static move => move.Kind)] : [], Before = before,
            };
        }

        private ScheduleMove ParseMove(string word) =>
            ScheduleMove.TryParse(word, out ScheduleMove move) ? move
                : throw Malformed($"'{word}' is no actor with what it is about to do (t1:lock, io1:end)");

        private ScheduleActor ParseActor(string word) =>
            ScheduleActor.TryParse(word, out ScheduleActor actor) ? actor
                : throw Malformed($"'{word}' is no thread (t1), I/O (io1) or caller");

        private string? ReadRest(string key)
        {
            if (Peek() is not { } line || !line.StartsWith(key + " ", StringComparison.Ordinal))
                return null;
            return Take()[(key.Length + 1)..];
        }

        private string? Peek() => _next < _lines.Length ? _lines[_next] : null;

        private string Take()
        {
            if (_next >= _lines.Length)
                throw new ScheduleFormatException(_lines.Length, "the text ends too early");
            return _lines[_next++];
        }

        private ScheduleFormatException Malformed(string what) => new(Number, what);
    }
}
