using System.Diagnostics;
using System.Reflection;
using ExtShell.Scripting.Contracts;

namespace ExtShell.Scripting.Assistance;

/// <summary>Finds the script's own line on the stack of what it threw.</summary>
internal static class FailurePlace
{
    /// <summary>The innermost line of a submission; null where none is on the stack.</summary>
    /// <param name="failure">What was thrown.</param>
    /// <param name="sourceOf">The code of a submission, and its file, by its assembly; null for other assemblies.</param>
    public static ScriptPlace? Find(Exception failure, Func<Assembly, (string Code, string Path)?> sourceOf)
    {
        foreach (StackFrame frame in new StackTrace(failure, fNeedFileInfo: true).GetFrames())
        {
            int line = frame.GetFileLineNumber();
            if (line == 0 || frame.GetMethod()?.Module.Assembly is not { } assembly || sourceOf(assembly) is not var (code, own))
                continue;
            string path = frame.GetFileName() ?? "";
            IEnumerable<string> lines = IsSame(path, own) ? code.ReplaceLineEndings("\n").Split('\n') : Lines(path);
            return new ScriptPlace(path, line, lines.ElementAtOrDefault(line - 1)?.Trim() ?? "");
        }

        return null;
    }

    /// <summary>Whether the symbols' file is the submission's own: the compiler has made a whole path of its name.</summary>
    private static bool IsSame(string path, string own) =>
        path == own || (own.Length > 0 && path.Length > 0 && Path.GetFullPath(path) == Path.GetFullPath(own));

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
