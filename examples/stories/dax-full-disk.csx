// Persistent memory, and a full disk. In 2014 a write that found no space fell back to the page cache, as writes to disks do. But with DAX
// nobody reads the page cache: the write reports success, and its bytes are nowhere to be seen.

Scenario scenario = Scenario.Parse("""
    scenario "write on a full volume while space comes back"
    mount protocol=Ext4Dax2014 switches=BufferedFallback
    setup
      create f /f
    thread
      inject full leave=1
      write-direct f at=0 length=8192 data=pattern:1
    thread
      inject space-back
    thread
      read-direct f at=0 length=8192
    """);

Print("-- One block is left. One thread writes two blocks, one frees space, one reads; who goes on when is searched for.");
ScheduleReport report = SearchSchedules(scenario, SearchStrategy.Exhaustive);
Print(report.Summary);
ScheduleFinding finding = report.Findings[0];
Print($"Expected: {finding.Message}");

Print();
Print("-- The shortest schedule that shows it, step by step");
ScheduleShrinkResult small = finding.Shrink();
ScheduleStory story = small.Finding.Tell();
Print(story with { Findings = story.Findings.Take(1).ToList() });

Print();
Print("-- Without the fallback");
ScheduleReport cured = SearchSchedules(scenario with { Mount = scenario.Mount with { Switches = [] } }, SearchStrategy.Exhaustive);
Print(cured.Summary);
if (!cured.IsClean)
    throw new InvalidOperationException("a write that finds no space says how much it wrote, and that is there");
