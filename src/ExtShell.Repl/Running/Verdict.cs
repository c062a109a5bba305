using System.Collections;
using System.Reflection;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Scheduling;
using ExtShell.Repl.Display;

namespace ExtShell.Repl.Running;

/// <summary>Whether a result has findings: that makes the program's exit code 1.</summary>
internal static class Verdict
{
    /// <summary>Whether the value is a report: something that says whether it is clean.</summary>
    public static bool IsReport(object? value) => CleanProperty(value) is not null;

    /// <summary>Whether the value is a report that is not clean, a finding, or a collection that has one.</summary>
    public static bool HasFindings(object? value) => value switch
    {
        null or string => false,
        CrashFinding or ScheduleFinding or Check.Finding { Severity: Check.FindingSeverity.Error } => true,
        _ when CleanProperty(value) is { } isClean => !(bool)isClean.GetValue(value)!,
        ICollection items => items.Cast<object?>().Any(HasFindings),
        _ => false,
    };

    /// <summary>A line that says what a result with findings is.</summary>
    public static string Headline(object value) => value is ICollection items
        ? $"{items.Count} item{(items.Count == 1 ? "" : "s")}"
        : PlainText.Of(value).ReplaceLineEndings("\n").Split('\n')[0];

    private static PropertyInfo? CleanProperty(object? value) =>
        value?.GetType().GetProperty("IsClean", BindingFlags.Instance | BindingFlags.Public) is { } found
            && found.PropertyType == typeof(bool) ? found : null;
}
