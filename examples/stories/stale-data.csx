// A deleted file's content turns up in another file. Two ways in which that happened, and what prevents each.

Print("-- 1. A disk that ignores barriers. Somebody has deleted a secret; its blocks are used again.");

Volume AfterTheSecret(BarrierMode barrier)
{
    Volume old = NewVolume("16MiB");
    FileHandle secret = old.Create("/secret");
    secret.WriteDirect(0, Encoding.ASCII.GetBytes("the secret ".PadRight(4096, '*')), SyncKind.Sync);
    secret.Close();
    old.Unlink("/secret");
    old.Unmount();
    return OpenVolume(old.Crash().Oldest(), mount: MountOptions.Default with { Barrier = barrier });
}

Volume volume = AfterTheSecret(BarrierMode.Ignored);
volume.Create("/public").WriteDirect(0, Fill('P', 4096), SyncKind.Sync);
CrashReport ignored = SearchCrashStates(volume);
Print(ignored.Summary);
CrashFinding stale = ignored.Findings.First(finding => finding.Violation.Kind == ViolationKind.StaleExposed);
Print($"Expected: {stale}");
Volume after = OpenVolume(stale.Example!, readOnly: true);
string seen = Encoding.ASCII.GetString(after.Open("/public").ReadBuffered(0, 24));
Print($"What a reader of /public sees on that disk: \"{seen}\"");

Volume sound = AfterTheSecret(BarrierMode.Flush);
sound.Create("/public").WriteDirect(0, Fill('P', 4096), SyncKind.Sync);
CrashReport flushed = SearchCrashStates(sound);
Print($"With flushes: {flushed.Summary}");
if (!seen.StartsWith("the secret") || !flushed.IsClean)
    throw new InvalidOperationException("the secret is seen where barriers are ignored, and only there");

Print();
Print("-- 2. No power cut at all: a hole is mapped as written before its data has arrived, and a reader comes in between.");
Scenario hole = Scenario.Parse("""
    scenario "fill a hole beside a reader"
    setup
      create f /f
      write-direct f at=8192 length=4096 data=pattern:1
      sync
    thread
      write-direct f at=0 length=4096 data=pattern:2
    thread
      read-buffered f at=0 length=4096
    """);
Scenario defective = hole with { Mount = hole.Mount with { Switches = ["FillHolesWritten"] } };
ScheduleReport schedules = SearchSchedules(defective, SearchStrategy.Exhaustive);
Print(schedules.Summary);
ScheduleFinding read = schedules.Findings.First(finding => finding.Kind == ScheduleFindingKind.WrongRead);
Print($"Expected: {read.Message}");
ScheduleStory story = read.Shrink().Finding.Tell();
Print(story with { Findings = story.Findings.Take(1).ToList() });
ScheduleReport cured = SearchSchedules(hole, SearchStrategy.Exhaustive);
Print($"With unwritten blocks, converted when the data is there: {cured.Summary}");
if (!cured.IsClean)
    throw new InvalidOperationException("unwritten blocks read as zeroes");
