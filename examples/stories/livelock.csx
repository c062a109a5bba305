// In 2012 the worker that ends asynchronous writes only tried the inode lock, and queued itself again where somebody had it. Truncate has
// the lock, and waits for the writes to end. Nobody is blocked, everybody runs, and nothing ever happens: a livelock.

Scenario scenario = Scenario.Parse("""
    scenario "write while somebody truncates"
    mount protocol=Ext4CompletedIo2012 switches=WorkerTriesInodeLock
    setup
      create f /f
      fallocate f at=0 length=16384
    thread
      start-direct w f at=0 length=8192 data=pattern:1
      wait-direct w f
    thread
      truncate f to=0
    """);

Print("-- One thread writes asynchronously into preallocated space, one truncates; every order of their steps is tried.");
ScheduleReport report = SearchSchedules(scenario, SearchStrategy.Exhaustive);
Print(report.Summary);
ScheduleFinding livelock = report.Findings.First(finding => finding.Kind == ScheduleFindingKind.Livelock);
Print($"Expected: {livelock.Message}");
foreach (string detail in livelock.Details)
    Print($"   {detail}");

Print();
Print("-- It is no matter of luck: the schedule replays, and ends the same way");
ScheduleReplay replay = ScheduleVerbs.Replay(livelock.Schedule.ToText());
Print(replay);

Print();
Print("-- The worker takes the lock that conversion needs, and not that of the inode");
ScheduleReport cured = SearchSchedules(scenario with { Mount = scenario.Mount with { Switches = [] } }, SearchStrategy.Exhaustive);
Print(cured.Summary);
if (!cured.IsClean)
    throw new InvalidOperationException("truncate waits for the writes, the writes wait for nobody");
