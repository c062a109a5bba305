using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scheduling;

/// <summary>
/// All schedules up to the order of steps that commute: depth first, with dynamic partial-order reduction and sleep sets.
/// </summary>
/// <remarks>
/// A node is a step of the run that is being varied. Which other choices of a node are worth trying (its backtrack set) is found
/// out by looking at what runs did:
/// (1) Steps i and j of different actors that conflict, where i does not happen before the step that j's actor made last, are a
/// race: j's actor could have been first. It is
/// added at i's node if it was on offer there; else an actor whose later step happens before j; else every choice.
/// (2) Looking back from j, the first race whose node offered j's actor is the last one that is needed; earlier orders follow from
/// runs that it leads to.
/// (3) An actor that was tried at a node sleeps in what is tried there after it, until a step conflicts with what it would do:
/// until then it leads nowhere new.
/// (4) A thread that still waits when the run ends counts with the step that it never made.
/// (5) Happens-before: same actor, conflict, and from the step after which an actor was first on offer to its first step.
/// (6) Steps that were picked for fairness are not varied.
/// </remarks>
internal sealed class ExhaustiveSource : IScheduleSource
{
    private readonly List<ExhaustiveNode> _nodes = [];
    private readonly HappensBefore _order = new();
    private ExhaustiveStrategy? _running;
    private bool _hasBegun;

    public bool NeedsFootprints => true;

    public bool IsExhausted { get; private set; }

    public IScheduleStrategy? Next()
    {
        if (_running is not null || IsExhausted)
            return null;
        if (_hasBegun && !TurnBack())
        {
            IsExhausted = true;
            return null;
        }

        _hasBegun = true;
        return _running = new ExhaustiveStrategy(_nodes);
    }

    public void Learn(IScheduleStrategy strategy, RunRecorder recorder, FootprintLog? footprints, in ProgramEnd end)
    {
        FootprintLog log = footprints!;
        _running = null;
        int known = Math.Max(0, _nodes.Count - 1); // the last node's pick is new
        AddNodes(log);
        _order.Read(log, _nodes.Count);
        for (int step = known; step < log.Steps.Length; step++)
            FindRaces(log, step);
    }

    public string Describe(IScheduleStrategy strategy) => "exhaustive";

    /// <summary>Goes back to the deepest node where something is left to try; false if there is none.</summary>
    private bool TurnBack()
    {
        while (_nodes.Count > 0)
        {
            if (_nodes[^1].TryNext()) // (3)
                return true;
            _nodes.RemoveAt(_nodes.Count - 1);
        }

        return false;
    }

    private void AddNodes(FootprintLog log)
    {
        if (_nodes.Count > 0)
            _nodes[^1].Footprint = log.AccessesOf(_nodes.Count - 1).ToArray();
        for (int step = _nodes.Count; step < log.MadeCount && !log.Steps[step].IsFair; step++) // (6)
        {
            FootprintLog.RunStep made = log.Steps[step];
            var node = new ExhaustiveNode(log.ChoicesOf(step).ToArray(), made.Pick, log.AccessesOf(step).ToArray());
            if (step > 0)
                node.Inherit(_nodes[step - 1]);
            _nodes.Add(node);
        }
    }

    private void FindRaces(FootprintLog log, int later) // (1)
    {
        ScheduleActor actor = log.Steps[later].Actor;
        if (actor is { IsInterrupt: false, Id: < 0 })
            return; // the call from outside comes last, whatever the order
        ReadOnlySpan<FootprintLog.Access> touched = log.AccessesOf(later);
        int before = _order.Predecessor(later);
        for (int earlier = Math.Min(later, _nodes.Count) - 1; earlier >= 0; earlier--)
        {
            if (log.Steps[earlier].Actor == actor || earlier == before || (before >= 0 && _order.IsBefore(earlier, before)))
                continue;
            if (!FootprintLog.Conflict(touched, _nodes[earlier].Footprint))
                continue;
            ExhaustiveNode node = _nodes[earlier];
            if (node.TryAdd(actor))
                return; // (2)
            if (!AddCause(log, node, earlier, later))
                node.AddAll();
        }
    }

    /// <summary>Adds an actor whose later step happens before the race's later one; true if one is there already.</summary>
    private bool AddCause(FootprintLog log, ExhaustiveNode node, int earlier, int later)
    {
        ScheduleActor? found = null;
        for (int step = earlier + 1; step < Math.Min(later, log.MadeCount); step++)
        {
            ScheduleActor actor = log.Steps[step].Actor;
            if (!_order.IsBefore(step, later) || !node.Offers(actor))
                continue;
            if (node.IsTried(actor))
                return true;
            found ??= actor;
        }

        if (found is not { } cause)
            return false;
        node.TryAdd(cause);
        return true;
    }
}
