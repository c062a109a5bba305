using System.Diagnostics;
using ExtShell.Scripting.Contracts;

namespace ExtShell.Repl.Display;

/// <summary>The last line of a terminal, which says how far a script is, and is gone when it has ended.</summary>
internal sealed class ProgressLine(TextWriter terminal) : IProgress<ScriptProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();
    private bool _isShown;

    public void Report(ScriptProgress value)
    {
        lock (terminal)
        {
            if (value.IsDone)
            {
                Clear();
                return;
            }

            if (_isShown && _sinceLast.Elapsed < Interval)
                return;
            string percent = value.Percent < 0 ? "" : $" {value.Percent,3}%";
            string text = $"{value.Activity}{percent}  {value.Status}";
            int width = Math.Max(20, Console.WindowWidth - 1);
            terminal.Write($"\r\e[K{(text.Length > width ? text[..width] : text)}");
            terminal.Flush();
            _isShown = true;
            _sinceLast.Restart();
        }
    }

    public void Clear()
    {
        lock (terminal)
        {
            if (_isShown)
                terminal.Write("\r\e[K");
            _isShown = false;
        }
    }
}
