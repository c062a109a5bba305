using System.Buffers.Binary;

namespace ExtShell.Format.Endian;

/// <summary>An unsigned 64-bit field stored little-endian, as ext4 stores its numbers.</summary>
public readonly struct Le64 : IEquatable<Le64>
{
    private readonly ulong _stored;

    private Le64(ulong stored) => _stored = stored;

    /// <summary>The number.</summary>
    public ulong Value => BitConverter.IsLittleEndian ? _stored : BinaryPrimitives.ReverseEndianness(_stored);

    /// <summary>Reads the number.</summary>
    public static implicit operator ulong(Le64 field) => field.Value;

    /// <summary>Stores a number.</summary>
    public static implicit operator Le64(ulong value) =>
        new(BitConverter.IsLittleEndian == true ? value : BinaryPrimitives.ReverseEndianness(value));

    /// <inheritdoc/>
    public bool Equals(Le64 other) => _stored == other._stored;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Le64 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _stored.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Equal numbers.</summary>
    public static bool operator ==(Le64 left, Le64 right) => left._stored == right._stored;

    /// <summary>Different numbers.</summary>
    public static bool operator !=(Le64 left, Le64 right) => left._stored != right._stored;
}
