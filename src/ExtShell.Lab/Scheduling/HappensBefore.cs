namespace ExtShell.Lab.Scheduling;

/// <summary>Which steps of a run happen before which.</summary>
internal sealed class HappensBefore
{
    private readonly Dictionary<ScheduleActor, int> _last = [];
    private ulong[] _before = [];
    private int[] _predecessors = [];
    private ulong[] _set = [];
    private int _words;

    /// <summary>The step that the actor of a step made before it, or the one after which it was first on offer; −1 for none.</summary>
    public int Predecessor(int step) => _predecessors[step];

    /// <summary>Whether one step happens before another.</summary>
    public bool IsBefore(int earlier, int later) => (_before[(later * _words) + (earlier >> 6)] & (1UL << (earlier & 63))) != 0;

    /// <summary>Empties the set of steps that <see cref="FollowsSet"/> asks about.</summary>
    public void BeginSet()
    {
        if (_set.Length < _words)
            _set = new ulong[_words * 2];
        Array.Clear(_set);
    }

    public void AddToSet(int step) => _set[step >> 6] |= 1UL << (step & 63);

    /// <summary>Whether any step of the set happens before a step.</summary>
    public bool FollowsSet(int step)
    {
        for (int i = 0; i < _words; i++)
        {
            if ((_before[(step * _words) + i] & _set[i]) != 0)
                return true;
        }

        return false;
    }

    /// <summary>Reads the order of a run.</summary>
    /// <param name="log">What its steps touched.</param>
    /// <param name="count">How many steps are ordered; those that were never made come behind them.</param>
    public void Read(FootprintLog log, int count)
    {
        int total = log.Steps.Length;
        _words = (total + 63) / 64;
        if (_before.Length < total * _words)
            _before = new ulong[total * _words * 2];
        Array.Clear(_before, 0, total * _words);
        if (_predecessors.Length < total)
            _predecessors = new int[total * 2];
        _last.Clear();
        for (int step = 0; step < total; step++)
        {
            bool isMade = step < log.MadeCount;
            if (isMade)
            {
                foreach (ScheduleActor offered in log.ChoicesOf(step))
                    _last.TryAdd(offered, step - 1); // it was made by the step before
            }

            ScheduleActor actor = log.Steps[step].Actor;
            _predecessors[step] = _last.GetValueOrDefault(actor, -1);
            if (_predecessors[step] >= 0)
                Include(step, _predecessors[step]);
            ReadOnlySpan<FootprintLog.Access> touched = log.AccessesOf(step);
            for (int earlier = Math.Min(step, count) - 1; earlier >= 0; earlier--)
            {
                if (!IsBefore(earlier, step) && FootprintLog.Conflict(touched, log.AccessesOf(earlier)))
                    Include(step, earlier);
            }

            if (isMade)
                _last[actor] = step;
        }
    }

    private void Include(int step, int earlier)
    {
        Span<ulong> own = _before.AsSpan(step * _words, _words);
        Span<ulong> other = _before.AsSpan(earlier * _words, _words);
        for (int i = 0; i < own.Length; i++)
            own[i] |= other[i];
        own[earlier >> 6] |= 1UL << (earlier & 63);
    }
}
