using System.Buffers.Binary;

namespace ExtShell.Format.Endian;

/// <summary>An unsigned 64-bit field stored big-endian, as jbd2 stores its numbers.</summary>
public readonly struct Be64 : IEquatable<Be64>
{
    private readonly ulong _stored;

    private Be64(ulong stored) => _stored = stored;

    /// <summary>The number.</summary>
    public ulong Value => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(_stored) : _stored;

    /// <summary>Reads the number.</summary>
    public static implicit operator ulong(Be64 field) => field.Value;

    /// <summary>Stores a number.</summary>
    public static implicit operator Be64(ulong value) =>
        new(BitConverter.IsLittleEndian != true ? value : BinaryPrimitives.ReverseEndianness(value));

    /// <inheritdoc/>
    public bool Equals(Be64 other) => _stored == other._stored;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Be64 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _stored.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Equal numbers.</summary>
    public static bool operator ==(Be64 left, Be64 right) => left._stored == right._stored;

    /// <summary>Different numbers.</summary>
    public static bool operator !=(Be64 left, Be64 right) => left._stored != right._stored;
}
