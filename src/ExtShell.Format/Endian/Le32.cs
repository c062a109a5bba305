using System.Buffers.Binary;

namespace ExtShell.Format.Endian;

/// <summary>An unsigned 32-bit field stored little-endian, as ext4 stores its numbers.</summary>
public readonly struct Le32 : IEquatable<Le32>
{
    private readonly uint _stored;

    private Le32(uint stored) => _stored = stored;

    /// <summary>The number.</summary>
    public uint Value => BitConverter.IsLittleEndian ? _stored : BinaryPrimitives.ReverseEndianness(_stored);

    /// <summary>Reads the number.</summary>
    public static implicit operator uint(Le32 field) => field.Value;

    /// <summary>Stores a number.</summary>
    public static implicit operator Le32(uint value) =>
        new(BitConverter.IsLittleEndian == true ? value : BinaryPrimitives.ReverseEndianness(value));

    /// <inheritdoc/>
    public bool Equals(Le32 other) => _stored == other._stored;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Le32 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _stored.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Equal numbers.</summary>
    public static bool operator ==(Le32 left, Le32 right) => left._stored == right._stored;

    /// <summary>Different numbers.</summary>
    public static bool operator !=(Le32 left, Le32 right) => left._stored != right._stored;
}
