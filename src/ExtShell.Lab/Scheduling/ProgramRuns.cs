using ExtShell.Engine.Kernel;

namespace ExtShell.Lab.Scheduling;

/// <summary>Runs a machine's threads until nothing is left to do.</summary>
internal static class ProgramRuns
{
    /// <summary>Runs until all is done and no thread can go on and no I/O is pending.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="isDone">Whether the threads that must end have ended: if they cannot, it is a deadlock.</param>
    /// <returns>How it failed, if it did.</returns>
    public static Exception? UntilQuiet(Machine machine, Func<bool> isDone)
    {
        var quiet = new WaitCondition(machine, WaitKind.Event, "the threads to end", () => isDone() && machine.IsQuiet);
        return Catch(() => machine.Run(async () => await quiet.WaitAsync()));
    }

    /// <summary>Every way in which a run can fail is something that it shows.</summary>
#pragma warning disable CA1031 // whatever the code under test throws is what is looked for
    public static Exception? Catch(Action run)
    {
        try
        {
            run();
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }
#pragma warning restore CA1031
}
