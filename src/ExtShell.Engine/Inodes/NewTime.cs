using ExtShell.Format.OnDisk;

namespace ExtShell.Engine.Inodes;

/// <summary>What a time of an inode is set to: <c>utimensat(2)</c>. The default keeps it.</summary>
public readonly record struct NewTime
{
    private readonly long _unixNanoseconds;
    private readonly bool _isExplicit;

    private NewTime(bool isNow, long? unixNanoseconds)
    {
        IsNow = isNow;
        _isExplicit = unixNanoseconds is not null;
        _unixNanoseconds = unixNanoseconds ?? 0;
    }

    /// <summary>The time when the call is made (UTIME_NOW).</summary>
    public static NewTime Now { get; } = new(true, null);

    /// <summary>The time stays as it is (UTIME_OMIT).</summary>
    public static NewTime Keep => default;

    /// <summary>Whether it is the time of the call.</summary>
    public bool IsNow { get; }

    /// <summary>Whether the time stays.</summary>
    public bool IsKept => !IsNow && !_isExplicit;

    /// <summary>The nanoseconds since 1970, if it is a given time.</summary>
    public long? UnixNanoseconds => _isExplicit ? _unixNanoseconds : null;

    /// <summary>
    /// A given time, in nanoseconds since 1970, which may be negative. What an inode cannot keep becomes the nearest that it can.
    /// </summary>
    public static NewTime At(long unixNanoseconds) => new(false, unixNanoseconds);

    /// <summary>The time to store.</summary>
    /// <param name="now">The time of the call.</param>
    /// <param name="old">The time that the inode has.</param>
    /// <param name="hasExtra">Whether the inode keeps nanoseconds, and years up to 2446.</param>
    internal Timestamp Resolve(Timestamp now, Timestamp old, bool hasExtra)
    {
        if (!_isExplicit)
            return IsNow ? now : old;
        long seconds = Math.DivRem(_unixNanoseconds, 1_000_000_000, out long rest);
        if (rest < 0)
            (seconds, rest) = (seconds - 1, rest + 1_000_000_000);
        long last = hasExtra ? Timestamp.MaxSeconds : int.MaxValue;
        long kept = Math.Clamp(seconds, Timestamp.MinSeconds, last);
        bool isAtLimit = kept <= Timestamp.MinSeconds || kept >= last;
        return new Timestamp(kept, isAtLimit || !hasExtra ? 0 : (uint)rest);
    }
}
