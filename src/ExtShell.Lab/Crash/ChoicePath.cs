using ExtShell.Format.Errors;

namespace ExtShell.Lab.Crash;

/// <summary>
/// Depth-first search by running again: a run asks for choices one after another; the path replays the ones made before and takes the
/// first option at each new one; <see cref="Advance"/> moves on to the next path.
/// </summary>
/// <remarks>
/// (1) A run that makes the same choices meets the same choice points with the same number of options; where it does not, it is not
/// deterministic.
/// </remarks>
internal sealed class ChoicePath
{
    private readonly List<(int Chosen, int Count)> _choices = [];
    private int _depth;

    /// <summary>Begins a run along the current path.</summary>
    public void Restart() => _depth = 0;

    /// <summary>Forgets the path.</summary>
    public void Clear()
    {
        _choices.Clear();
        _depth = 0;
    }

    /// <summary>The option to take, below <paramref name="count"/>.</summary>
    public int Choose(int count)
    {
        InvariantException.Require(count > 0, "a choice has options");
        if (count == 1)
            return 0;
        if (_depth == _choices.Count)
            _choices.Add((0, count));
        (int chosen, int known) = _choices[_depth++];
        InvariantException.Require(known == count, "a run that makes the same choices meets the same choice points"); // (1)
        return chosen;
    }

    /// <summary>Moves to the next path; false when every path was taken.</summary>
    public bool Advance()
    {
        InvariantException.Require(_depth == _choices.Count, "a run ends where its path ends"); // (1)
        while (_choices.Count > 0)
        {
            (int chosen, int count) = _choices[^1];
            _choices.RemoveAt(_choices.Count - 1);
            if (chosen + 1 < count)
            {
                _choices.Add((chosen + 1, count));
                return true;
            }
        }

        return false;
    }
}
