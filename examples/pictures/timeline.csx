// The picture of a finding's timeline: extshell --svg examples/pictures/timeline.svg examples/pictures/timeline.csx

Volume volume = NewVolume("16MiB", switches: ["ExtendAfterSync"]);
FileHandle log = volume.Create("/log");
log.WriteDirect(0, Fill('A', 4096), SyncKind.Sync);
log.WriteDirect(4096, Fill('B', 4096), SyncKind.Sync);
CrashReport report = SearchCrashStates(volume);
ShrinkResult small = volume.Shrink(report.Findings[0]);
(ScenarioRun run, CrashReport again) = CrashSearch.Explore(small.Scenario);
Story story = StoryTeller.Tell(run, again.Findings[0]);
Print(story);
return story;
