using ExtShell.Scripting.Contracts.Assistance;

namespace ExtShell.Repl.Editing;

/// <summary>What the keys do: those of readline, and of editors with a menu.</summary>
internal sealed partial class LineEditor
{
    /// <summary>What takes the chosen name, and follows it.</summary>
    private const string TakingLetters = ".,;()[]";

    private Step Take()
    {
        (ConsoleKeyInfo key, string? pasted) = terminal.Read();
        if (pasted is not null)
        {
            CloseMenu();
            _buffer.Insert(pasted);
            return Step.Continue;
        }

        if (key.KeyChar == '\n') // Enter that was pressed while no key was awaited: the terminal has made a line feed of it
            key = new ConsoleKeyInfo('\r', ConsoleKey.Enter, shift: false, alt: false, control: false);
        if (_search is not null && TakeInSearch(key))
            return Step.Continue;
        if (_menu is not null && TakeInMenu(_menu, key))
            return Step.Continue;
        return (key.Modifiers & ConsoleModifiers.Control) != 0 ? TakeControl(key)
            : (key.Modifiers & ConsoleModifiers.Alt) != 0 ? TakeAlt(key)
            : TakePlain(key);
    }

    /// <summary>Keys that the menu takes for itself.</summary>
    private bool TakeInMenu(CompletionMenu menu, ConsoleKeyInfo key)
    {
        bool isShift = (key.Modifiers & ConsoleModifiers.Shift) != 0;
        switch (key.Key)
        {
            case ConsoleKey.Tab when menu.List.Items is [var only]:
                Accept(menu.List, only);
                return true;
            case ConsoleKey.Tab:
                menu.Move(isShift ? -1 : 1);
                return true;
            case ConsoleKey.DownArrow:
                menu.Move(1);
                return true;
            case ConsoleKey.UpArrow when menu.Chosen >= 0:
                menu.Move(-1);
                return true;
            case ConsoleKey.Enter when menu.Item is { } item:
                Accept(menu.List, item);
                return true;
            case ConsoleKey.Escape:
                CloseMenu();
                return true;
            default:
                if (menu.Item is { Kind: not CompletionKind.Path } chosen && TakingLetters.Contains(key.KeyChar))
                    Accept(menu.List, chosen);
                return false;
        }
    }

    private Step TakePlain(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                CloseMenu();
                return Submit();
            case ConsoleKey.Tab when _buffer.IsAtIndent:
                _buffer.InsertIndent();
                return Step.Continue;
            case ConsoleKey.Tab:
                Complete();
                return Step.Continue;
            case ConsoleKey.Backspace:
                _buffer.Backspace();
                Refresh('_');
                return Step.Continue;
            case ConsoleKey.UpArrow when _buffer.IsInFirstLine:
                Recall(_entry - 1);
                return Step.Continue;
            case ConsoleKey.DownArrow when _buffer.IsInLastLine:
                Recall(_entry + 1);
                return Step.Continue;
            default:
                return Move(key);
        }
    }

    private Step Move(ConsoleKeyInfo key)
    {
        Action? move = key.Key switch
        {
            ConsoleKey.UpArrow => _buffer.Up,
            ConsoleKey.DownArrow => _buffer.Down,
            ConsoleKey.LeftArrow => _buffer.Left,
            ConsoleKey.RightArrow => _buffer.Right,
            ConsoleKey.Home => _buffer.ToLineStart,
            ConsoleKey.End => _buffer.ToLineEnd,
            ConsoleKey.Delete => _buffer.Delete,
            ConsoleKey.Escape => CloseMenu,
            _ => null,
        };
        if (move is not null)
        {
            CloseMenu();
            move();
        }
        else if (!char.IsControl(key.KeyChar))
        {
            _buffer.Type(key.KeyChar);
            Refresh(key.KeyChar);
        }

        return Step.Continue;
    }

    private Step TakeControl(ConsoleKeyInfo key)
    {
        CloseMenu();
        switch (key.Key)
        {
            case ConsoleKey.C:
                return Step.Abandon;
            case ConsoleKey.D when _buffer.Text.Length == 0:
                return Step.Leave;
            case ConsoleKey.R:
                BeginSearch();
                return Step.Continue;
            case ConsoleKey.L:
                _painter.ClearWindow();
                return Step.Continue;
            case ConsoleKey.P:
                Recall(_entry - 1);
                return Step.Continue;
            case ConsoleKey.N:
                Recall(_entry + 1);
                return Step.Continue;
            case ConsoleKey.Spacebar:
                Complete();
                return Step.Continue;
        }

        Action? edit = key.Key switch
        {
            ConsoleKey.A => _buffer.ToLineStart,
            ConsoleKey.E => _buffer.ToLineEnd,
            ConsoleKey.B => _buffer.Left,
            ConsoleKey.F => _buffer.Right,
            ConsoleKey.D => _buffer.Delete,
            ConsoleKey.H => _buffer.Backspace,
            ConsoleKey.K => _buffer.CutToLineEnd,
            ConsoleKey.U => _buffer.CutToLineStart,
            ConsoleKey.W or ConsoleKey.Backspace => _buffer.CutWordLeft,
            ConsoleKey.Y => _buffer.Paste,
            ConsoleKey.LeftArrow => _buffer.WordLeft,
            ConsoleKey.RightArrow => _buffer.WordRight,
            ConsoleKey.Home => _buffer.ToStart,
            ConsoleKey.End => _buffer.ToEnd,
            _ => null,
        };
        edit?.Invoke();
        return Step.Continue;
    }

    private Step TakeAlt(ConsoleKeyInfo key)
    {
        CloseMenu();
        Action? edit = key.Key switch
        {
            ConsoleKey.B or ConsoleKey.LeftArrow => _buffer.WordLeft,
            ConsoleKey.F or ConsoleKey.RightArrow => _buffer.WordRight,
            ConsoleKey.D => _buffer.CutWordRight,
            ConsoleKey.Backspace => _buffer.CutWordLeft,
            ConsoleKey.Enter => _buffer.InsertLine,
            _ => null,
        };
        if (edit is null && !char.IsControl(key.KeyChar))
            _buffer.Type(key.KeyChar);
        edit?.Invoke();
        return Step.Continue;
    }

    private void Recall(int entry)
    {
        CloseMenu();
        if (entry < 0 || entry > history.Entries.Count)
            return;
        if (_entry == history.Entries.Count)
            _draft = _buffer.Text;
        _entry = entry;
        _buffer.Set(entry == history.Entries.Count ? _draft : history.Entries[entry]);
    }

    private void BeginSearch()
    {
        if (_entry == history.Entries.Count)
            _draft = _buffer.Text;
        (_search, _entry) = ("", history.Entries.Count);
    }

    /// <summary>Keys of the search through the history; what it does not know ends it and is taken as usual.</summary>
    private bool TakeInSearch(ConsoleKeyInfo key)
    {
        bool isControl = (key.Modifiers & ConsoleModifiers.Control) != 0;
        switch (key.Key)
        {
            case ConsoleKey.R when isControl:
                Search(_search!, _entry);
                return true;
            case ConsoleKey.Escape:
            case ConsoleKey.G or ConsoleKey.C when isControl:
                (_search, _entry) = (null, history.Entries.Count);
                _buffer.Set(_draft);
                return true;
            case ConsoleKey.Enter:
                _search = null;
                return true;
            case ConsoleKey.Backspace when _search!.Length > 0:
                Search(_search[..^1], history.Entries.Count);
                return true;
        }

        if (!isControl && !char.IsControl(key.KeyChar))
        {
            Search(_search + key.KeyChar, Math.Min(history.Entries.Count, _entry + 1));
            return true;
        }

        _search = null;
        return false;
    }

    private void Search(string text, int before)
    {
        _search = text;
        int found = text.Length == 0 ? -1 : history.Find(text, before);
        if (found < 0 && before < history.Entries.Count && history.Find(text, history.Entries.Count) >= 0)
            return; // the oldest match stays
        _entry = found < 0 ? history.Entries.Count : found;
        _buffer.Set(found < 0 ? _draft : history.Entries[found]);
    }
}
