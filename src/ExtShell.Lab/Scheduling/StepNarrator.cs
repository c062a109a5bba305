using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Scheduling;

/// <summary>Writes down a run's steps in words while it runs: what a step did is told when the next one begins.</summary>
internal sealed class StepNarrator
{
    private readonly List<ScheduleStoryLine> _lines = [];
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

    private static string TextOf(in Choice choice)
    {
        if (choice.Thread is not { } thread)
            return choice.Describe();
        return thread.WaitingFor is { } waited ? $"goes on ({waited.Describe()})" : "starts";
    }

    private void TellWhatHappened()
    {
        if (_step == 0)
            return;
        TellCalls();
        for (; _log is not null && _bios < _log.Bios.Count; _bios++)
            Tell(_log.Bios[_bios].Operation == BioOperation.Flush
                ? $"submits flush #{_bios}"
                : $"submits {StoryTimeline.Describe(_log.Bios[_bios], _history!)}");
        if (_thread is { IsDone: true })
            Tell("ends");
        else if (_thread?.WaitingFor is { } waits)
            Tell($"stops at: {waits.Describe()}");
    }

    private void TellCalls()
    {
        if (_history is null)
            return;
        for (; _events < _history.EventCount; _events++)
        {
            foreach (RecordedCall call in _history.Calls)
            {
                if (call.Called.Sequence == _events)
                    Tell($"calls {call.Id}: {CallText.Describe(call.Operation)}");
                else if (call.Acknowledged.Sequence == _events)
                    Tell($"call {call.Id} is acknowledged: {ResultOf(call)}");
                else if (call.Returned.Sequence == _events && call.Acknowledged.Sequence != _events - 1)
                    Tell($"call {call.Id} returns");
            }
        }
    }

    private static string ResultOf(RecordedCall call) => call.Error != Errno.None ? $"{call.Error}" : CallText.Number(call.Result);

    private void Tell(string text) => _lines.Add(new ScheduleStoryLine(_step, _actor, text, false, [], false));
}
