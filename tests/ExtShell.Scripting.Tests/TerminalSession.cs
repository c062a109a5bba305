using System.Diagnostics;
using ExtShell.TestTools;

namespace ExtShell.Scripting.Tests;

/// <summary>The console program in a real terminal: a window of a tmux server of the test's own.</summary>
internal sealed class TerminalSession : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(4);
    private readonly string _server = "extshell-" + Path.GetRandomFileName();

    /// <summary>Begins the program.</summary>
    /// <param name="folder">Where it keeps its history and its cache, and where it runs.</param>
    /// <param name="environment">What else is in its environment, as a shell reads it.</param>
    public TerminalSession(TemporaryFolder folder, string environment = "")
    {
        string program = $"""
            cd {folder.Path}; export EXTSHELL_DATA={folder.Path} EXTSHELL_CACHE={folder.Path}
            {environment} dotnet {ConsoleProcess.Program}; echo "exit $?"; sleep 900
            """;
        Tmux("-f", "/dev/null", "new-session", "-d", "-x", "120", "-y", "40", "sh", "-c", program);
        WaitFor("#help helps.");
    }

    /// <summary>Types text, as a user does.</summary>
    public void Type(string text) =>
        Tmux("send-keys", "-l", text.EndsWith(';') ? text[..^1] + "\\;" : text); // tmux takes a last semicolon for itself

    /// <summary>Presses keys by tmux's names: Enter, Tab, Up, C-c.</summary>
    public void Press(params string[] keys) => Tmux(["send-keys", .. keys]);

    /// <summary>Types a line and presses Enter.</summary>
    public void Submit(string line)
    {
        Type(line);
        Press("Enter");
    }

    /// <summary>Pastes text, as a terminal does it: bracketed.</summary>
    public void Paste(string text)
    {
        Tmux("set-buffer", text);
        Tmux("paste-buffer", "-p");
    }

    /// <summary>Waits until the window shows the text; answers the window.</summary>
    /// <exception cref="TimeoutException">It does not; the message shows what is there.</exception>
    public string WaitFor(string text) => WaitFor(text, window => window.Contains(text, StringComparison.Ordinal));

    /// <summary>Waits until the window is as wanted; answers the window.</summary>
    public string WaitFor(string what, Func<string, bool> isThere)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            string window = Window();
            if (isThere(window))
                return window;
            if (watch.Elapsed > LongestWait)
                throw new TimeoutException($"no {what} in\n{window.TrimEnd()}");
            Thread.Sleep(50);
        }
    }

    /// <summary>The window as it is now, with its control sequences if they are wanted.</summary>
    public string Window(bool withStyles = false) => Tmux(withStyles ? ["capture-pane", "-p", "-e"] : ["capture-pane", "-p"]);

    public void Dispose() => Tmux("kill-server");

    private string Tmux(params string[] arguments) => ExternalTool.RunOrThrow("tmux", ["-L", _server, .. arguments]);
}
