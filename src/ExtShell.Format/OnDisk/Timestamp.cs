namespace ExtShell.Format.OnDisk;

/// <summary>A time as an inode keeps it.</summary>
/// <param name="Seconds">Since 1970, may be negative.</param>
/// <param name="Nanoseconds">0 to 999,999,999; always later than the seconds alone.</param>
/// <remarks>
/// Stored as 32 signed bits of seconds and, where the inode has the extra field, 30 bits of nanoseconds above 2 bits that count how
/// often 2^32 seconds are added: from 1901 to 2446 (ext4 disk layout, "Inode Timestamps").
/// </remarks>
public readonly record struct Timestamp(long Seconds, uint Nanoseconds)
{
    /// <summary>The earliest second that can be stored.</summary>
    public const long MinSeconds = int.MinValue;

    /// <summary>The last second that can be stored with the extra field.</summary>
    public const long MaxSeconds = int.MaxValue + (3L << 32);

    /// <summary>Decodes a time that has its extra field.</summary>
    public static Timestamp Decode(uint seconds, uint extra) => new((int)seconds + ((long)(extra & 3) << 32), extra >> 2);

    /// <summary>Decodes a time without an extra field.</summary>
    public static Timestamp Decode(uint seconds) => new((int)seconds, 0);

    /// <summary>The fields to store; a time out of range becomes the nearest that can be stored.</summary>
    public (uint Seconds, uint Extra) Encode()
    {
        long seconds = Math.Clamp(Seconds, MinSeconds, MaxSeconds);
        uint epoch = (uint)((seconds - (int)seconds) >> 32) & 3;
        return ((uint)seconds, epoch | (Nanoseconds << 2));
    }

    /// <summary>The field to store without an extra one; a time out of range becomes the nearest that can be stored.</summary>
    public uint EncodeShort() => (uint)(int)Math.Clamp(Seconds, int.MinValue, int.MaxValue);
}
