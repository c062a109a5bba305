using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ExtShell.Repl.Display;

/// <summary>A finding as a timeline: who did what on the left, what happened on the right, the cut in red.</summary>
internal static class StoryPicture
{
    public static IRenderable Of(Story story)
    {
        Violation violation = story.Violation;
        var head = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        head.AddRow(new Text(violation.Kind.ToString(), Colours.Bad), new Text(violation.Path, Colours.Title));
        head.AddRow(Pictures.Dim("promised"), new Text(violation.Promise));
        head.AddRow(Pictures.Dim("found"), new Text(violation.Found, Colours.Bad));
        if (violation.Rule > 0)
        {
            LedgerRule rule = LedgerRules.All[violation.Rule - 1];
            head.AddRow(Pictures.Dim($"rule {rule.Number}"), new Text($"{rule.Name}: {rule.Source}"));
        }

        var time = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(1)).AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach (StoryEntry entry in story.Timeline)
            time.AddRow(new Text(Glyph(entry), StyleOf(entry)), new Text(Actor(entry.Event), Colours.Dim),
                new Text(entry.Text, StyleOf(entry)));
        var parts = new List<IRenderable> { head, Text.Empty, new Text($"Up to cut {story.Cut}", Colours.Title), time };
        if (story.Choices.Count > 0)
        {
            parts.AddRange([Text.Empty, new Text("What the disk held where it had a choice", Colours.Title)]);
            parts.AddRange(story.Choices.Select(choice => new Text("  " + choice)));
        }

        parts.AddRange([Text.Empty, new Text("After recovery", Colours.Title)]);
        parts.AddRange(story.File.Select(line => new Text("  " + line)));
        parts.AddRange(story.Bytes.Select(bytes => new Text(bytes.ToString(), bytes.IsFinding ? Colours.Bad : Style.Plain)));
        return new Rows(parts);
    }

    private static string Glyph(StoryEntry entry) => entry.Event switch
    {
        StoryEvent.Cut => "✗",
        StoryEvent.Omitted => "┊",
        StoryEvent.Call => "●",
        StoryEvent.Acknowledged => "✓",
        StoryEvent.FlushSubmitted or StoryEvent.FlushEnded => "═",
        _ => "│",
    };

    private static string Actor(StoryEvent what) => what switch
    {
        StoryEvent.Call => "call",
        StoryEvent.Acknowledged => "done",
        StoryEvent.Cut => "power",
        StoryEvent.Omitted => "",
        _ => "disk",
    };

    private static Style StyleOf(StoryEntry entry) => entry.Event switch
    {
        StoryEvent.Cut => Colours.Bad,
        StoryEvent.Omitted => Colours.Dim,
        _ when entry.IsAboutFinding => Colours.Warning,
        StoryEvent.Acknowledged => Colours.Good,
        StoryEvent.Call => Style.Plain,
        _ => Colours.Dim,
    };
}
