namespace ExtShell.Engine.Kernel;

/// <summary>Waits until a condition holds. Made once and kept: the condition must be pure.</summary>
public sealed class WaitCondition : Waitable, IFootprint
{
    private readonly string _name;
    private readonly Func<bool> _isReady;
    private readonly object? _resource;

    /// <summary>Makes it.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="kind">Which entry of the closed list it is.</param>
    /// <param name="name">What is waited for, in words.</param>
    /// <param name="isReady">The condition.</param>
    /// <param name="resource">What the condition reads: who changes it says so by <see cref="Machine.Touch(object, AccessKind)"/>;
    /// null for the condition itself.</param>
    public WaitCondition(Machine machine, WaitKind kind, string name, Func<bool> isReady, object? resource = null)
        : base(machine, kind)
    {
        _name = name;
        _isReady = isReady;
        _resource = resource;
    }

    /// <inheritdoc/>
    public long FootprintKey => FootprintKeys.Of(_name);

    /// <inheritdoc/>
    public override object Resource => _resource ?? this;

    /// <inheritdoc/>
    public override string Describe() => _name;

    /// <inheritdoc/>
    public override bool IsReady(SimulatedThread thread) => _isReady();
}
