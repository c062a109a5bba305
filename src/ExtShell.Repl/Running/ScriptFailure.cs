using System.Diagnostics;

namespace ExtShell.Repl.Running;

/// <summary>Tells a script's failure by what failed and by the script's own line, not by the program's stack.</summary>
internal static class ScriptFailure
{
    public static string Describe(Exception failure, string? path)
    {
        string place = "";
        foreach (StackFrame frame in new StackTrace(failure, fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetFileName() is { } file && path is not null && Path.GetFullPath(file) == Path.GetFullPath(path))
            {
                place = $"{Path.GetFileName(path)}({frame.GetFileLineNumber()}): ";
                break;
            }
        }

        return $"{place}{failure.GetType().Name}: {failure.Message}";
    }
}
