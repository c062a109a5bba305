using ExtShell.Engine.IO;
using ExtShell.Repl.Display;
using ExtShell.Scripting.Contracts.Assistance;

namespace ExtShell.Repl.Prompting;

/// <summary>What <c>#help</c> shows: topics, and of any name of the C# surface its declaration and its documentation.</summary>
internal sealed class HelpTopics(PromptSession session, Screen screen)
{
    private const string Overview = """
        A submission is C#: an expression shows its value, what is declared stays. Two empty lines end one that is not whole.

          var v = NewVolume("64MiB", switches: ["ExtendAfterSync"])      a volume in memory, here with a defect turned on
          var f = v.Create("/log")
          f.WriteDirect(0, Fill('A', 4096), sync: SyncKind.Sync)         O_DIRECT and O_SYNC
          Map(f)                                                         its blocks: written, unwritten, hole, past the end
          v.Crash()                                                      the power fails now: what can the disk hold?
          SearchCrashStates(v)                                           every state at every cut, judged by what was promised
          v.Tell(_.Findings[0])                                          _ is the last result: a finding, told byte by byte
          v.Check()                                                      is the volume sound?

        #help TOPIC says more: commands, keys, volumes, files, crashes, schedules, display, protocols; #help NAME of a protocol, a type
        or a member (#help FileHandle.Fallocate). #exit leaves. Ctrl+C stops what runs.
        """;

    private static readonly Dictionary<string, string> Topics = new(StringComparer.OrdinalIgnoreCase)
    {
        ["commands"] = """
            #help [TOPIC]     this
            #load "FILE"      runs a script here; what it declares stays
            #r "FILE"         refers to an assembly; #r "nuget: NAME, 1.2.3" to a package, which the .NET SDK restores
            #reset            unmounts all volumes and forgets what was declared
            #time [EXPR]      times the expression; without one, every submission from now on, until #time again
            #save FILE        the session as a script (.csx) or as a Pester test (.Tests.ps1)
            #clear            clears the window
            #exit             leaves, as Ctrl+D does
            """,
        ["keys"] = """
            Enter             runs what is whole, else begins a new line; Alt+Enter always begins one
            Tab               completes, or opens the menu: Tab, Up and Down choose, Enter takes, and so does ( . or ;, Esc closes
            Up, Down          earlier and later submissions (in several lines: lines first); also of earlier runs
            Ctrl+R            searches them: type a part, Ctrl+R goes on to older ones
            Ctrl+C            leaves the line; while something runs, stops it: what has not stopped after a second is aborted;
                              pressed a second time, it ends the program
            Ctrl+A E B F      start and end of the line, left, right; Alt+B F by words; Home, End, Ctrl+Home, Ctrl+End
            Ctrl+K U W Y      cuts to the end, to the start, a word; puts it back; Alt+D cuts the next word
            Ctrl+L D          clears the window; leaves where nothing is typed
            """,
        ["volumes"] = """
            NewVolume("64MiB")                              in memory; features, blockSize, type as mke2fs has them
            NewVolume("disk.img", "64MiB")                  an image file: a real ext4 volume
            NewVolume("64MiB", protocol: "Ext4Iomap2023", switches: ["ExtendAfterSync"])
            GetProtocols(), CompareProtocols("Ext4Iomap2023", "XfsStyle")
            OpenVolume("disk.img", readOnly: true)          mounts an image; recovers its journal as the kernel does
            CheckImage("disk.img"), v.Check()               what e2fsck would say
            v.Create, Open, Mkdir, Rename, Link, Unlink, Stat, ReadDirectory, Sync, Unmount
            v.ExportFolder("out")                           files and directories to the host
            """,
        ["files"] = """
            f.WriteDirect(offset, bytes, sync: SyncKind.Sync)    O_DIRECT; offset and length are multiples of the sector
            var io = f.StartDirect(offset, bytes)                AIO; f.WaitDirect(io) is its event
            f.WriteBuffered, ReadDirect, ReadBuffered, Fallocate, Truncate, Sync(dataOnly: true), GetExtents, Stat, Close
            Map(f)                                               the blocks as a map of letters
            """,
        ["crashes"] = """
            v.Crash().Newest(), .Oldest(), .Sample(seed)    one state that the disk can be in now
            OpenVolume(state)                               mounts it, to look around
            SearchCrashStates(v)                            every state at every cut: with progress, and Ctrl+C keeps what was seen
            v.Tell(finding)                                 what was promised, what happened, what is there
            v.Shrink(finding).Scenario.ToText()             the smallest run that still shows it
            new DeviceModel(AtomicUnitBytes: 512, Barrier: BarrierMode.Drain)   what the device does when the power fails
            """,
        ["schedules"] = """
            ReadScenario("FILE"), Scenario.Parse("…")       threads that race, as text: examples/defects has many
            SearchSchedules(s)                              20,000 of their orders by chance: wrong reads, lost updates, deadlocks…
            SearchSchedules(s, SearchStrategy.Exhaustive)   all of them, up to steps that commute; crashStates: true cuts the power in each
            _.Findings[0].Shrink().Finding.Tell()           the smallest run and schedule that still show it, step by step
            _.Findings[0].Schedule.ToText()                 what replays it: ScheduleVerbs.Replay(text)
            s with { Mount = s.Mount with { Protocol = "XfsStyle", Switches = [] } }     the same by another protocol, or cured
            """,
        ["display"] = """
            On a terminal results are tables, trees, maps and timelines; in a pipe or a file plain text; with --json JSON lines.
            Extents: W written, u unwritten, . hole; past the end of the file p unwritten and X written; + several in one letter.
            extshell --svg FILE script.csx draws what a script returns, as a terminal would show it.
            Print(value) shows a value as a result is shown, and a text as it is. NO_COLOR leaves out the colours.
            """,
    };

    public void Show(string topic)
    {
        if (topic.Length == 0)
            screen.Note(Overview);
        else if (Topics.TryGetValue(topic, out string? text))
            screen.Note(text);
        else if (topic.Equals("protocols", StringComparison.OrdinalIgnoreCase))
            screen.Note(string.Join(
                Environment.NewLine, WriteProtocols.All.Select(known => $"{known.Name}{Environment.NewLine}    {known.Summary}")));
        else if (WriteProtocols.All.FirstOrDefault(known => known.Name.Equals(topic, StringComparison.OrdinalIgnoreCase)) is { } protocol)
            screen.Note(ProtocolPictures.Of(protocol), Describe(protocol));
        else
            ShowName(topic);
    }

    private static string Describe(ProtocolDescription protocol)
    {
        List<string> lines = [protocol.ToString(), "", protocol.History, "", "Guarantees: " + protocol.Guarantees,
            "Order: " + protocol.Order, "", "Switches:"];
        lines.AddRange(protocol.Switches.Select(known => $"  {known.Name}: {known.Summary}"));
        return string.Join(Environment.NewLine, lines);
    }

    /// <summary>A name's declaration and documentation, found as completion finds it.</summary>
    private void ShowName(string name)
    {
        string last = name[(name.LastIndexOf('.') + 1)..];
        CompletionItem? item = session.Scripts.Complete(name, name.Length).Items.FirstOrDefault(found => found.Text == last);
        if (item is null && name.LastIndexOf('.') is var dot and > 0)
        {
            string instance = $"default({name[..dot]}).{last}";
            item = session.Scripts.Complete(instance, instance.Length).Items.FirstOrDefault(found => found.Text == last);
        }

        if (item is null)
            screen.ShowError($"no topic and no name '{name}'; #help lists the topics");
        else
            screen.Note(item.Summary.Value.Length == 0 ? item.Signature : $"{item.Signature}{Environment.NewLine}    {item.Summary.Value}");
    }
}
