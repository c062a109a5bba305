using System.Buffers.Binary;

namespace ExtShell.Format.Endian;

/// <summary>An unsigned 16-bit field stored big-endian, as jbd2 stores its numbers.</summary>
public readonly struct Be16 : IEquatable<Be16>
{
    private readonly ushort _stored;

    private Be16(ushort stored) => _stored = stored;

    /// <summary>The number.</summary>
    public ushort Value => BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(_stored) : _stored;

    /// <summary>Reads the number.</summary>
    public static implicit operator ushort(Be16 field) => field.Value;

    /// <summary>Stores a number.</summary>
    public static implicit operator Be16(ushort value) =>
        new(BitConverter.IsLittleEndian != true ? value : BinaryPrimitives.ReverseEndianness(value));

    /// <inheritdoc/>
    public bool Equals(Be16 other) => _stored == other._stored;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Be16 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _stored.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Equal numbers.</summary>
    public static bool operator ==(Be16 left, Be16 right) => left._stored == right._stored;

    /// <summary>Different numbers.</summary>
    public static bool operator !=(Be16 left, Be16 right) => left._stored != right._stored;
}
