using System.Text;

namespace ExtShell.Check.Totals;

/// <summary>Writes ascending numbers as runs, the first few of them: <c>5-7, 9 (4 in all)</c>.</summary>
internal sealed class RunText(int mostRuns)
{
    private readonly List<(long First, long Last)> _runs = [];

    public long Count { get; private set; }

    public void Add(long number)
    {
        Count++;
        if (_runs.Count > 0 && _runs[^1].Last == number - 1)
            _runs[^1] = (_runs[^1].First, number);
        else if (_runs.Count <= mostRuns)
            _runs.Add((number, number));
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        for (int i = 0; i < Math.Min(_runs.Count, mostRuns); i++)
        {
            (long first, long last) = _runs[i];
            text.Append(i == 0 ? "" : ", ").Append(first == last ? $"{first}" : $"{first}-{last}");
        }

        return text.Append(_runs.Count > mostRuns ? ", …" : "").Append($" ({Count} in all)").ToString();
    }
}
