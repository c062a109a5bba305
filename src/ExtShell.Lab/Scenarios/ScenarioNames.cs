using System.Collections;
using System.Diagnostics.CodeAnalysis;
using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scenarios;

/// <summary>
/// What a scenario's names stand for at the moment: its threads share them, so looking one up and giving it are part of a step's footprint.
/// </summary>
internal sealed class ScenarioNames<T>(Machine machine) : IReadOnlyDictionary<string, T>
{
    private readonly SortedDictionary<string, T> _known = new(StringComparer.Ordinal);

    public int Count => _known.Count;

    public IEnumerable<string> Keys => _known.Keys;

    public IEnumerable<T> Values => _known.Values;

    public T this[string name]
    {
        get => TryGetValue(name, out T? known) ? known : throw new KeyNotFoundException($"nothing is called '{name}' now");
        set
        {
            machine.Touch(name, AccessKind.Write);
            _known[name] = value;
        }
    }

    public bool ContainsKey(string name) => TryGetValue(name, out _);

    public bool TryGetValue(string name, [MaybeNullWhen(false)] out T known)
    {
        machine.Touch(name, AccessKind.Read);
        return _known.TryGetValue(name, out known);
    }

    public bool Remove(string name, [MaybeNullWhen(false)] out T known)
    {
        machine.Touch(name, AccessKind.Write);
        return _known.Remove(name, out known);
    }

    public void Clear()
    {
        foreach (string name in _known.Keys)
            machine.Touch(name, AccessKind.Write);
        _known.Clear();
    }

    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => _known.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
