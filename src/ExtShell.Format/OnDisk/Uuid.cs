using System.Runtime.CompilerServices;

namespace ExtShell.Format.OnDisk;

/// <summary>A UUID as it is stored: sixteen bytes in the order in which its text is read.</summary>
[InlineArray(SizeBytes)]
public struct Uuid : IEquatable<Uuid>
{
    /// <summary>Bytes of a UUID.</summary>
    public const int SizeBytes = 16;

    private byte _first;

    /// <summary>The bytes of <paramref name="guid"/>, whose text stays the same.</summary>
    public static Uuid FromGuid(Guid guid)
    {
        Uuid uuid = default;
        guid.TryWriteBytes(uuid, bigEndian: true, out _);
        return uuid;
    }

    /// <summary>The same identity as .NET's type.</summary>
    public readonly Guid ToGuid() => new(this, bigEndian: true);

    /// <summary>Whether all bytes are zero.</summary>
    public readonly bool IsZero => !((ReadOnlySpan<byte>)this).ContainsAnyExcept((byte)0);

    /// <inheritdoc/>
    public readonly bool Equals(Uuid other) => ((ReadOnlySpan<byte>)this).SequenceEqual(other);

    /// <inheritdoc/>
    public override readonly bool Equals(object? obj) => obj is Uuid other && Equals(other);

    /// <inheritdoc/>
    public override readonly int GetHashCode() => ToGuid().GetHashCode();

    /// <summary>The text as e2fsprogs prints it.</summary>
    public override readonly string ToString() => ToGuid().ToString("D");

    /// <summary>Equal bytes.</summary>
    public static bool operator ==(Uuid left, Uuid right) => left.Equals(right);

    /// <summary>Different bytes.</summary>
    public static bool operator !=(Uuid left, Uuid right) => !left.Equals(right);
}
