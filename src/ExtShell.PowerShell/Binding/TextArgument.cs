using System.Management.Automation;

namespace ExtShell.PowerShell.Binding;

/// <summary>Text that an argument gives: itself, or a file that holds it.</summary>
internal static class TextArgument
{
    /// <summary>The text; null where the argument is neither text nor a file.</summary>
    public static string? Read(EngineIntrinsics session, object value)
    {
        if (value is FileInfo file)
            return File.ReadAllText(file.FullName);
        if (value is not string text)
            return null;
        if (text.Contains('\n', StringComparison.Ordinal))
            return text;
        string path = session.SessionState.Path.GetUnresolvedProviderPathFromPSPath(text);
        return File.Exists(path) ? File.ReadAllText(path) : text;
    }
}
