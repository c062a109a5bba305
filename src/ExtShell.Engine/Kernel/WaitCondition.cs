namespace ExtShell.Engine.Kernel;

/// <summary>Waits until a condition holds. Made once and kept: the condition must be pure.</summary>
public sealed class WaitCondition : Waitable
{
    private readonly string _name;
    private readonly Func<bool> _isReady;

    /// <summary>Makes it.</summary>
    public WaitCondition(Machine machine, WaitKind kind, string name, Func<bool> isReady)
        : base(machine, kind)
    {
        _name = name;
        _isReady = isReady;
    }

    /// <inheritdoc/>
    public override string Describe() => _name;

    /// <inheritdoc/>
    public override bool IsReady(SimulatedThread thread) => _isReady();
}
