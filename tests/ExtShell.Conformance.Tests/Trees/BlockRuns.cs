using System.Text;

namespace ExtShell.Conformance.Tests.Trees;

/// <summary>Writes which blocks of a file are mapped: <c>0+4 written, 8+2 unwritten</c>; neighbours in one state are one run.</summary>
internal sealed class BlockRuns
{
    private readonly StringBuilder _text = new();
    private (long First, long Length, bool IsWritten) _pending;

    /// <summary>Adds a run behind those that were added before.</summary>
    public void Add(long first, long length, bool isWritten)
    {
        if (_pending.Length > 0 && first == _pending.First + _pending.Length && isWritten == _pending.IsWritten)
        {
            _pending.Length += length;
            return;
        }

        WritePending();
        _pending = (first, length, isWritten);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        WritePending();
        _pending = default;
        return _text.Length == 0 ? "none" : _text.ToString();
    }

    private void WritePending()
    {
        if (_pending.Length > 0)
            _text.Append(_text.Length == 0 ? "" : ", ")
                .Append($"{_pending.First}+{_pending.Length} {(_pending.IsWritten ? "written" : "unwritten")}");
    }
}
