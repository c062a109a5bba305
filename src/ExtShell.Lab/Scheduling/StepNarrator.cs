using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Scheduling;

/// <summary>Writes down a run's steps in words while it runs: what a step did is told when the next one begins.</summary>
/// <remarks>
/// (1) What callers and the device saw in a step is told in its order: a call's event at position p of the write log comes before the log's
/// event p. (2) An I/O has one number wherever it is spoken of: the write log's.
/// </remarks>
internal sealed class StepNarrator
{
    private readonly List<ScheduleStoryLine> _lines = [];
    private readonly Dictionary<SimulatedThread, RecordedCall> _calls = [];
    private readonly List<LoggedBio> _inFlight = [];
    private History? _history;
    private WriteLog? _log;
    private SimulatedThread? _thread;
    private string _actor = "";
    private int _step;
    private int _events;
    private int _bios;
    private int _running = int.MinValue;

    public IReadOnlyList<ScheduleStoryLine> Lines => _lines;

    public void Begin(History? history, WriteLog? log)
    {
        (_history, _log) = (history, log);
        _events = history?.EventCount ?? 0;
    }

    public void OnStep(ReadOnlySpan<Choice> choices, int pick)
    {
        TellWhatHappened();
        ref readonly Choice choice = ref choices[pick];
        _step++;
        _thread = choice.Thread;
        _actor = choice.Thread?.Name ?? "I/O";
        var instead = new List<string>();
        for (int i = 0; i < choices.Length; i++)
        {
            if (i != pick)
                instead.Add(choices[i].Thread?.Name ?? choices[i].Describe());
        }

        int cost = PreemptionMeasure.Cost(ScheduleActor.Of(choices[0]), ScheduleActor.Of(choice), _running);
        if (choice.Thread is { } thread)
            _running = thread.Id;
        _lines.Add(new ScheduleStoryLine(_step, _actor, TextOf(choice), true, instead, cost > 0));
    }

    public void End() => TellWhatHappened();

    private string TextOf(in Choice choice)
    {
        if (choice.Thread is not { } thread)
            return choice.Describe();
        string call = _calls.TryGetValue(thread, out RecordedCall? made) ? $" [in call {made.Id}, {CallText.Verb(made.Operation)}]" : "";
        return thread.WaitingFor switch
        {
            null => "starts",
            { Kind: WaitKind.Lock } taken => $"takes {taken.Describe()}{call}",
            { Kind: WaitKind.Yield } place => $"goes on from {place.Describe()}{call}",
            { } waited => $"goes on: it had waited for {waited.Describe()}{call}",
        };
    }

    private void TellWhatHappened()
    {
        if (_step == 0)
            return;
        TellCallsAndSubmissions();
        TellEnds();
        if (_thread is { IsDone: true })
            Tell("ends");
        else if (_thread?.WaitingFor is { } waits)
            Tell($"{(waits.Kind == WaitKind.Lock ? "wants" : waits.Kind == WaitKind.Yield ? "comes to" : "waits for")} {waits.Describe()}");
    }

    private void TellCallsAndSubmissions() // (1)
    {
        for (; _history is not null && _events < _history.EventCount; _events++)
        {
            foreach (RecordedCall call in _history.Calls)
            {
                if (call.Called.Sequence == _events)
                    TellCall(call);
                else if (call.Acknowledged.Sequence == _events)
                    TellAcknowledgement(call);
                else if (call.Returned.Sequence == _events && call.Acknowledged.Sequence != _events - 1)
                    Tell(call.Returned, $"call {call.Id} returns", call);
            }
        }

        TellSubmissions(int.MaxValue);
    }

    private void TellCall(RecordedCall call)
    {
        TellSubmissions(call.Called.Position);
        Tell($"calls {call.Id}: {CallText.Describe(call.Operation)}");
        if (_thread is not null)
            _calls[_thread] = call;
    }

    private void TellAcknowledgement(RecordedCall call)
    {
        string result = call.Error != Errno.None ? $"{call.Error}" : CallText.Number(call.Result);
        Tell(call.Acknowledged, $"call {call.Id} is acknowledged: {result}", call);
    }

    private void Tell(in Moment at, string text, RecordedCall call)
    {
        TellSubmissions(at.Position);
        Tell(text);
        if (_thread is not null && _calls.GetValueOrDefault(_thread) == call)
            _calls.Remove(_thread);
    }

    private void TellSubmissions(int before)
    {
        for (; _log is not null && _bios < _log.Bios.Count && _log.Bios[_bios].SubmittedAt < before; _bios++)
        {
            LoggedBio bio = _log.Bios[_bios];
            _inFlight.Add(bio);
            Tell(bio.Operation == BioOperation.Flush ? $"submits flush #{bio.Index}" : $"submits {StoryTimeline.Describe(bio, _history!)}");
        }
    }

    private void TellEnds()
    {
        foreach (LoggedBio bio in _inFlight)
        {
            if (bio.CompletedAt != int.MaxValue && bio.Operation != BioOperation.Flush)
                Tell($"{StoryTimeline.Describe(bio, _history!)}: {StoryTimeline.EndOf(bio)}");
        }

        _inFlight.RemoveAll(static bio => bio.CompletedAt != int.MaxValue);
    }

    private void Tell(string text) => _lines.Add(new ScheduleStoryLine(_step, _actor, text, false, [], false));
}
