using ExtShell.Repl.Display;
using ExtShell.Repl.Prompting;
using ExtShell.Scripting.Contracts;
using ExtShell.Scripting.Contracts.Assistance;

namespace ExtShell.Repl.Editing;

/// <summary>The editor of a terminal: several lines, completion, signatures, colours, history.</summary>
/// <remarks>
/// Its own and not a library's: RadLine draws the text that is typed and nothing else, and what a prompt is loved for lies below it.
/// The compiler takes a second to warm up. It does so in the background; until then the text has no colours, and no menu comes by itself.
/// </remarks>
internal sealed partial class LineEditor(Terminal terminal, PromptSession session, History history) : ISubmissionReader
{
    private const int KeyPollMilliseconds = 15;
    private readonly EditBuffer _buffer = new();
    private readonly Painter _painter = new(terminal);
    private readonly Task _warm = Task.Run(WarmUp);
    private CompletionMenu? _menu;
    private string? _search;
    private int _entry;
    private string _draft = "";
    private string _title = "";

    private enum Step
    {
        Continue,
        Submit,
        Abandon,
        Leave,
    }

    public string? Read(string title)
    {
        _buffer.Set("");
        _title = title;
        _entry = history.Entries.Count;
        _draft = "";
        CloseMenu();
        terminal.Begin();
        try
        {
            Step step = Step.Continue;
            while (step == Step.Continue)
            {
                if (!terminal.HasKey)
                    _painter.Paint(Draw());
                if (BecomesWarm())
                {
                    if (_buffer.EndsInDot)
                        Refresh('.');
                    _painter.Paint(Draw());
                }

                step = Take();
            }

            return End(step);
        }
        finally
        {
            terminal.End();
        }
    }

    /// <summary>
    /// Waits for a key, or for the compiler: whether that has become warm first, so that what is typed gets its colours and menu.
    /// </summary>
    private bool BecomesWarm()
    {
        bool wasWarm = _warm.IsCompleted;
        while (!_warm.IsCompleted && !terminal.HasKey)
            Thread.Sleep(KeyPollMilliseconds);
        return !wasWarm && !terminal.HasKey;
    }

    private static void WarmUp()
    {
        using var experiment = new Experiment([], TextWriter.Null);
        IScriptSession scripts = ScriptHostLoader.Host.NewSession(experiment);
        scripts.Classify("var v = NewVolume(\"64MiB\");");
        scripts.Complete("Math.", 5);
        scripts.Signatures("NewVolume(", 10);
        scripts.IsComplete("1");
    }

    private string? End(Step step)
    {
        CloseMenu();
        _search = null;
        _buffer.ToEnd();
        var frame = new Frame(Terminal.Width, Screen.HasColours);
        EditorView.DrawTitle(frame, _title);
        EditorView.DrawText(frame, _buffer, Spans());
        if (step == Step.Abandon)
            frame.Append("^C", "2");
        _painter.Leave(frame);
        if (step == Step.Submit)
            history.Add(_buffer.Text);
        return step == Step.Leave ? null : step == Step.Abandon ? "" : _buffer.Text;
    }

    private Frame Draw()
    {
        var frame = new Frame(Terminal.Width, Screen.HasColours);
        EditorView.DrawTitle(frame, _title);
        EditorView.DrawText(frame, _buffer, Spans());
        if (_search is not null)
            EditorView.DrawSearch(frame, _search, _entry < history.Entries.Count || _search.Length == 0);
        else if (_menu is not null)
            _menu.Draw(frame, Terminal.Width);
        else if (_warm.IsCompletedSuccessfully && session.Scripts.Signatures(_buffer.Text, _buffer.Caret) is { Items.Count: > 0 } help)
            EditorView.DrawSignature(frame, help);
        return frame;
    }

    private IReadOnlyList<ClassifiedSpan> Spans() =>
        _warm.IsCompletedSuccessfully && Screen.HasColours && _buffer.Text.Length > 0 ? session.Scripts.Classify(_buffer.Text) : [];

    private Step Submit()
    {
        string text = _buffer.Text;
        bool isWhole = PromptCommands.IsCommand(text) || session.Scripts.IsComplete(text) || _buffer.EndsInTwoEmptyLines;
        if (isWhole)
            return Step.Submit;
        _buffer.InsertLine();
        return Step.Continue;
    }

    private void Complete()
    {
        CompletionList list = session.Scripts.Complete(_buffer.Text, _buffer.Caret);
        if (list.Items.Count == 0)
            return;
        var menu = new CompletionMenu(list, isAsked: true);
        if (list.Items.Count == 1)
        {
            Accept(list, list.Items[0]);
            return;
        }

        string typed = _buffer.Text.Substring(list.Start, list.Length);
        string common = menu.CommonText();
        if (common.Length > typed.Length && common.StartsWith(typed, StringComparison.Ordinal))
        {
            _buffer.Replace(list.Start, list.Length, common);
            list = session.Scripts.Complete(_buffer.Text, _buffer.Caret);
            menu = new CompletionMenu(list, isAsked: true);
        }

        _menu = list.Items.Count > 0 ? menu : null;
    }

    private void Accept(CompletionList list, CompletionItem item)
    {
        CloseMenu();
        _buffer.Replace(list.Start, list.Length, item.Text);
    }

    /// <summary>The menu follows what is typed; it comes by itself after a dot.</summary>
    private void Refresh(char typed)
    {
        bool continues = _menu is not null && (char.IsLetterOrDigit(typed) || typed == '_');
        bool begins = typed == '.' && _warm.IsCompletedSuccessfully && !terminal.HasKey;
        bool isAsked = _menu?.IsAsked ?? false;
        CloseMenu();
        if (!continues && !begins)
            return;
        CompletionList list = session.Scripts.Complete(_buffer.Text, _buffer.Caret);
        if (list.Items.Count > 0)
            _menu = new CompletionMenu(list, isAsked && continues);
    }

    private void CloseMenu() => _menu = null;
}
