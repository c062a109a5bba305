namespace ExtShell.Check.Totals;

/// <summary>What a group of findings depends on, so that judging a state replaces just those whose grounds changed.</summary>
internal readonly record struct FindingKey(FindingTopic Topic, long Number = 0);
