using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scheduling;

/// <summary>
/// All schedules up to the order of steps that commute: depth first, with dynamic partial-order reduction and sleep sets.
/// </summary>
/// <remarks>
/// A node is a step of the run that is being varied. Which other choices of a node are worth trying (its backtrack set) is found
/// out by looking at what runs did:
/// (1) Steps i and j of different actors that conflict, where i does not happen before the step that j's actor made last, are a
/// race. What follows i without happening after it, with j behind, could have come in i's place; it can begin with each actor whose first
/// step there follows none of the others' (an initial). One of the initials must be tried at i's node: if none is, one that is on offer is
/// added, j's actor rather than another; if none is on offer, every choice: that is where j waits for what i gives (a lock, work), and
/// is more than is needed, since who comes first there is the matter of earlier races.
/// (2) All races of j are reversed, not only the last one: what would lead to the others may sleep. (Source sets: Abdulla, Aronsson,
/// Jonsson and Sagonas, 2014.)
/// (3) An actor that was tried at a node sleeps in what is tried there after it, until a step conflicts with what it would do:
/// until then it leads nowhere new.
/// (4) A thread that still waits when the run ends counts with the step that it never made.
/// (5) Happens-before: same actor, conflict, and from the step after which an actor was first on offer to its first step.
/// (6) Steps that were picked for fairness are not varied.
/// </remarks>
internal sealed class ExhaustiveSource : IScheduleSource
{
    private readonly List<ExhaustiveNode> _nodes = [];
    private readonly HappensBefore _order = new(); // (5)
    private readonly HashSet<ScheduleActor> _seen = [];
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
        for (int step = known; step < log.Steps.Length; step++) // (4)
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
        for (int earlier = Math.Min(later, _nodes.Count) - 1; earlier >= 0; earlier--) // (2)
        {
            if (log.Steps[earlier].Actor == actor || earlier == before || (before >= 0 && _order.IsBefore(earlier, before)))
                continue;
            if (!FootprintLog.Conflict(touched, _nodes[earlier].Footprint))
                continue;
            AddInitial(log, earlier, later);
        }
    }

    /// <summary>Sees to it that what could have come in place of a step begins with somebody who is tried there. (1)</summary>
    private void AddInitial(FootprintLog log, int earlier, int later)
    {
        ExhaustiveNode node = _nodes[earlier];
        ScheduleActor? found = null;
        _order.BeginSet();
        _seen.Clear();
        for (int step = earlier + 1; step <= later; step++)
        {
            if (step < later && (step >= log.MadeCount || _order.IsBefore(earlier, step)))
                continue;
            ScheduleActor actor = log.Steps[step].Actor;
            bool isInitial = !_seen.Contains(actor) && !_order.FollowsSet(step);
            _seen.Add(actor);
            _order.AddToSet(step);
            if (!isInitial || !node.Offers(actor))
                continue;
            if (node.IsTried(actor))
                return;
            found = found is null || step == later || actor == log.Steps[later].Actor ? actor : found;
        }

        if (found is { } initial)
            node.TryAdd(initial);
        else
            node.AddAll();
    }
}
