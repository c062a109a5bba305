// A volume, an append protocol, a power cut at every instant: what can the disk hold, and was a promise broken?

void Work(Volume volume)
{
    // A log that is appended with O_DIRECT and O_SYNC: each write is durable when it returns.
    FileHandle log = volume.Create("/log");
    log.WriteDirect(0, Fill('A', 4096), sync: SyncKind.Sync);
    log.WriteDirect(4096, Fill('B', 4096), sync: SyncKind.Sync);

    // A file that is preallocated, then written asynchronously: durable after the fdatasync, and not before.
    FileHandle data = volume.Create("/data");
    data.Fallocate(0, 64 * 1024);
    data.Sync();
    DirectIo first = data.StartDirect(32 * 1024, Fill('C', 4096));
    DirectIo second = data.StartDirect(0, Fill('D', 4096));
    data.WaitDirect(second);
    data.WaitDirect(first);
    data.Sync(dataOnly: true);
}

Print("-- Today's protocol (Ext4Iomap2023), the power cut at every instant");
Volume sound = NewVolume("64MiB");
Work(sound);
CrashReport report = sound.SearchCrashStates();
Print(report.Summary);
foreach (Outcome outcome in report.Outcomes)
{
    string verdict = outcome.Key.Violations.Length == 0 ? "every promise kept" : "BROKEN";
    Print($"   cuts {outcome.Cuts,-8} {outcome.States,8:N0} crash states  tree {outcome.Key.Tree.ToString()[..8]}  {verdict}");
}

Print(report.Model.Omits);
Print($"The volume itself: {(sound.Check().IsClean ? "clean" : "damaged")}.");

Print();
Print("-- The same, with a regression switched on: the size is raised only after the sync of O_SYNC (ExtendAfterSync)");
Volume broken = NewVolume("64MiB", switches: ["ExtendAfterSync"]);
Work(broken);
CrashReport found = broken.SearchCrashStates();
Print(found.Summary);

CrashFinding finding = found.Findings[0];
ShrinkResult smallest = broken.Shrink(finding);
Print($"Shrunk from {broken.History.Calls.Count} calls to {smallest.Scenario.OperationCount} in {smallest.Runs} runs. What is left:");
Print(smallest.Scenario.ToText());
(ScenarioRun run, CrashReport again) = CrashSearch.Explore(smallest.Scenario);
Print(StoryTeller.Tell(run, again.Findings[0]));
return sound.Check();
