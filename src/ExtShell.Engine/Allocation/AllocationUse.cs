namespace ExtShell.Engine.Allocation;

/// <summary>Who asks for blocks, as far as it decides which of the last free ones he may have.</summary>
[Flags]
public enum AllocationUse
{
    /// <summary>An ordinary caller: neither the reserved blocks nor the blocks kept for conversions.</summary>
    None = 0,

    /// <summary>A privileged caller (root): the volume's reserved blocks (<c>s_r_blocks_count</c>) too.</summary>
    Privileged = 1,

    /// <summary>The blocks were counted by <see cref="BlockAllocator.TryReserve"/>: they come out of what is reserved.</summary>
    Reserved = 2,

    /// <summary>A change that must not fail, such as a conversion of written data: everything that is free.</summary>
    MustNotFail = 4,
}
