using System.Numerics;

namespace ExtShell.Engine.Allocation;

/// <summary>
/// A number for each group, and the next group whose number is at least so much, in logarithmic time: allocation does not walk over the
/// groups of a large, full volume.
/// </summary>
internal sealed class MaximumTree
{
    private readonly int[] _nodes;
    private readonly int _leaves;
    private readonly int _count;

    /// <summary>All numbers are 0.</summary>
    public MaximumTree(int count)
    {
        _count = count;
        _leaves = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, 1));
        _nodes = new int[2 * _leaves];
    }

    /// <summary>The largest number.</summary>
    public int Maximum => _nodes[1];

    /// <summary>A group's number.</summary>
    public int this[int index]
    {
        get => _nodes[_leaves + index];
        set
        {
            int node = _leaves + index;
            _nodes[node] = value;
            for (node /= 2; node >= 1; node /= 2)
            {
                int larger = Math.Max(_nodes[2 * node], _nodes[(2 * node) + 1]);
                if (_nodes[node] == larger)
                    break;
                _nodes[node] = larger;
            }
        }
    }

    /// <summary>
    /// The first group from <paramref name="from"/> on, and around to it, whose number is at least <paramref name="least"/> (above 0); -1
    /// if there is none.
    /// </summary>
    public int FindNext(int from, int least)
    {
        int found = FindFrom(from, least);
        return found >= 0 || from == 0 ? found : FindFrom(0, least);
    }

    private int FindFrom(int from, int least)
    {
        if (from >= _count)
            return -1;
        int node = _leaves + from;
        while (_nodes[node] < least)
        {
            // To the next subtree on the right: up while the node is a right child.
            while ((node & 1) == 1)
            {
                node /= 2;
                if (node <= 1)
                    return -1;
            }

            node++;
        }

        while (node < _leaves)
            node = _nodes[2 * node] >= least ? 2 * node : (2 * node) + 1;
        return node - _leaves;
    }
}
