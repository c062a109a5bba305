namespace ExtShell.Lab.Scheduling;

/// <summary>The text of a schedule is malformed.</summary>
public sealed class ScheduleFormatException : FormatException
{
    internal ScheduleFormatException(int line, string what)
        : base($"line {line}: {what}") => Line = line;

    /// <summary>The line, from 1.</summary>
    public int Line { get; }
}
