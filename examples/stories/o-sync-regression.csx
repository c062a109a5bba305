// In 2023 a patch moved the raising of the file's size behind the sync of O_SYNC. Nothing looked wrong: every byte was on the disk.
// The size was not. This story finds it, makes it small, tells it, and shows which protocols never had it.

void Append(Volume volume)
{
    FileHandle log = volume.Create("/log");
    for (int i = 0; i < 3; i++)
        log.WriteDirect(i * 4096, Fill((char)('A' + i), 4096), SyncKind.Sync);
}

Print("-- A log is appended with O_DIRECT | O_SYNC, the regression switched on: ExtendAfterSync");
Volume broken = NewVolume("16MiB", switches: ["ExtendAfterSync"]);
Append(broken);
CrashReport report = SearchCrashStates(broken);
Print(report.Summary);
CrashFinding finding = report.Findings[0];
Print($"The first finding, expected here: {finding}");

Print();
Print("-- Made small");
ShrinkResult small = broken.Shrink(finding);
Print($"{small.Runs} runs later, {broken.History.Calls.Count} calls have become {small.Scenario.OperationCount}:");
Print(small.Scenario.ToText());

Print("-- Told");
(ScenarioRun run, CrashReport again) = CrashSearch.Explore(small.Scenario);
Print(StoryTeller.Tell(run, again.Findings[0]));

Print();
Print("-- The same run by every protocol that there is, no switch on");
foreach (ProtocolDescription protocol in GetProtocols())
{
    Scenario same = small.Scenario with { Mount = MountOptions.Default with { Protocol = protocol.Name } };
    CrashReport clean = SearchCrashStates(same);
    Print($"{protocol.Name,-20} {clean.Summary}");
    if (!clean.IsClean)
        throw new InvalidOperationException($"{protocol.Name} keeps the promise of O_SYNC");
}
