namespace ExtShell.Lab.Durability;

/// <summary>A stretch of an axis of time.</summary>
/// <param name="From">Its first moment.</param>
/// <param name="Until">The first moment behind it; <see cref="int.MaxValue"/> for never.</param>
internal readonly record struct TimeStretch(int From, int Until);
