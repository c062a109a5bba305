using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Scheduling;

/// <summary>One run of a search, as <see cref="ScheduleOptions.OnRun"/> is told of it.</summary>
/// <param name="History">What callers asked, were told and saw, with the write log; the reads that are made when all is over are its last
/// calls.</param>
/// <param name="Decisions">The schedule: every decision.</param>
/// <param name="IsNew">Whether no run before it can be told apart from it. Only such runs are judged.</param>
/// <param name="Failure">What ended the run before its end; null if nothing did.</param>
public sealed record ScheduleRun(History History, IReadOnlyList<ScheduleDecision> Decisions, bool IsNew, Exception? Failure);
