using System.Buffers.Binary;

namespace ExtShell.Format.Endian;

/// <summary>An unsigned 16-bit field stored little-endian, as ext4 stores its numbers.</summary>
public readonly struct Le16 : IEquatable<Le16>
{
    private readonly ushort _stored;

    private Le16(ushort stored) => _stored = stored;

    /// <summary>The number.</summary>
    public ushort Value => BitConverter.IsLittleEndian ? _stored : BinaryPrimitives.ReverseEndianness(_stored);

    /// <summary>Reads the number.</summary>
    public static implicit operator ushort(Le16 field) => field.Value;

    /// <summary>Stores a number.</summary>
    public static implicit operator Le16(ushort value) =>
        new(BitConverter.IsLittleEndian == true ? value : BinaryPrimitives.ReverseEndianness(value));

    /// <inheritdoc/>
    public bool Equals(Le16 other) => _stored == other._stored;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Le16 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _stored.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Equal numbers.</summary>
    public static bool operator ==(Le16 left, Le16 right) => left._stored == right._stored;

    /// <summary>Different numbers.</summary>
    public static bool operator !=(Le16 left, Le16 right) => left._stored != right._stored;
}
