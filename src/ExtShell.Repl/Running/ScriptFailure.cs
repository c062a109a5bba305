using System.Reflection;
using ExtShell.Scripting.Contracts;

namespace ExtShell.Repl.Running;

/// <summary>Tells a script's failure by what failed and by the script's own line, not by the program's stack.</summary>
internal static class ScriptFailure
{
    public static string Describe(Exception failure, ScriptPlace? place)
    {
        Exception told = failure is TargetInvocationException { InnerException: { } inner } ? inner : failure;
        string what = Name(told);
        for (Exception? cause = told.InnerException; cause is not null && told is not AggregateException; cause = cause.InnerException)
            what += $"{Environment.NewLine}  because of {Name(cause)}";
        if (place is null)
            return what;
        string line = place.SourceLine.Length == 0 ? "" : $"{Environment.NewLine}  {place.SourceLine}";
        return $"{Path.GetFileName(place.Path)}({place.Line}): {what}{line}";
    }

    private static string Name(Exception failure) => $"{failure.GetType().Name}: {failure.Message}";
}
