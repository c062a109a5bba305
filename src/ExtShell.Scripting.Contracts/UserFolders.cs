namespace ExtShell.Scripting.Contracts;

/// <summary>
/// Where ExtShell keeps what belongs to the user: by the system's conventions, or where EXTSHELL_DATA and EXTSHELL_CACHE say.
/// </summary>
public static class UserFolders
{
    /// <summary>What is kept: the prompt's history.</summary>
    public static string Data => Environment.GetEnvironmentVariable("EXTSHELL_DATA") is { Length: > 0 } own
        ? own
        : Path.Combine(Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "extshell");

    /// <summary>What can be made again: compiled scripts.</summary>
    public static string Cache
    {
        get
        {
            if (Environment.GetEnvironmentVariable("EXTSHELL_CACHE") is { Length: > 0 } own)
                return own;
            if (OperatingSystem.IsWindows())
                return Path.Combine(Data, "cache");
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
            if (OperatingSystem.IsMacOS())
                return Path.Combine(home, "Library", "Caches", "extshell");
            return Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } caches
                ? Path.Combine(caches, "extshell")
                : Path.Combine(home, ".cache", "extshell");
        }
    }
}
