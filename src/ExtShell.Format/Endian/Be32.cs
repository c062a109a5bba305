using System.Buffers.Binary;

namespace ExtShell.Format.Endian;

/// <summary>An unsigned 32-bit field stored big-endian, as jbd2 stores its numbers.</summary>
public readonly struct Be32 : IEquatable<Be32>
{
    private readonly uint _stored;

    private Be32(uint stored) => _stored = stored;

    /// <summary>The number.</summary>
    public uint Value => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(_stored) : _stored;

    /// <summary>Reads the number.</summary>
    public static implicit operator uint(Be32 field) => field.Value;

    /// <summary>Stores a number.</summary>
    public static implicit operator Be32(uint value) =>
        new(BitConverter.IsLittleEndian != true ? value : BinaryPrimitives.ReverseEndianness(value));

    /// <inheritdoc/>
    public bool Equals(Be32 other) => _stored == other._stored;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Be32 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _stored.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Equal numbers.</summary>
    public static bool operator ==(Be32 left, Be32 right) => left._stored == right._stored;

    /// <summary>Different numbers.</summary>
    public static bool operator !=(Be32 left, Be32 right) => left._stored != right._stored;
}
