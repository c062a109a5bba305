using System.Numerics;
using ExtShell.Format.Errors;

namespace ExtShell.Format.OnDisk;

/// <summary>
/// The hashes by which a hash-tree directory orders its names: the legacy one, half of MD4 (RFC 1320's rounds, eight words a piece, no
/// length appended), and TEA (Wheeler and Needham, sixteen rounds). Bytes count as signed or unsigned, which the superblock's flags
/// decide: what machine made the volume.
/// </summary>
/// <remarks>
/// (1) The hash is even: bit 0 says in the tree that a hash goes on from the block before.
/// (2) The largest even hash marks the end of a directory for readers, so it is replaced by the one before it.
/// (3) A seed of all zeroes means MD4's usual start.
/// </remarks>
public static class DirectoryHash
{
    private const int Md4PieceBytes = 32;
    private const int TeaPieceBytes = 16;
    private const uint EndOfDirectory = 0x7FFFFFFFu << 1;

    private static readonly int[] Md4Shifts = [3, 7, 11, 19, 3, 5, 9, 13, 3, 9, 11, 15];
    private static readonly int[] Md4Order = [0, 1, 2, 3, 4, 5, 6, 7, 1, 3, 5, 7, 0, 2, 4, 6, 3, 7, 2, 6, 1, 5, 0, 4];

    /// <summary>The hash of <paramref name="name"/>.</summary>
    /// <param name="version">Which hash; not SipHash.</param>
    /// <param name="seed">The volume's <c>s_hash_seed</c>.</param>
    /// <param name="name">The name's bytes.</param>
    /// <returns>The hash that orders, and the minor one, which only reading by cookie uses.</returns>
    public static (uint Hash, uint MinorHash) Compute(DirectoryHashVersion version, in Le32Array4 seed, ReadOnlySpan<byte> name)
    {
        (uint hash, uint minor) = version switch
        {
            DirectoryHashVersion.Legacy => (Legacy(name, true), 0u),
            DirectoryHashVersion.LegacyUnsigned => (Legacy(name, false), 0u),
            DirectoryHashVersion.HalfMd4 => HalfMd4(name, seed, true),
            DirectoryHashVersion.HalfMd4Unsigned => HalfMd4(name, seed, false),
            DirectoryHashVersion.Tea => Tea(name, seed, true),
            DirectoryHashVersion.TeaUnsigned => Tea(name, seed, false),
            _ => throw new FileSystemException(Errno.EOPNOTSUPP, "hash a name", $"the directory hash {version} is not supported"),
        };
        hash &= ~1u; // (1)
        return (hash == EndOfDirectory ? EndOfDirectory - 2 : hash, minor); // (2)
    }

    /// <summary>The version that counts where a directory names <paramref name="stored"/>: unsigned if the superblock says so.</summary>
    public static DirectoryHashVersion Effective(DirectoryHashVersion stored, SuperBlockFlags flags) =>
        stored <= DirectoryHashVersion.Tea && (flags & SuperBlockFlags.UnsignedHash) != 0 ? stored + 3 : stored;

    private static uint Legacy(ReadOnlySpan<byte> name, bool isSigned)
    {
        uint current = 0x12A3FE2D;
        uint previous = 0x37ABE8F9;
        foreach (byte one in name)
        {
            uint next = previous + (current ^ (Widen(one, isSigned) * 7152373u));
            if ((next & 0x80000000) != 0)
                next -= 0x7FFFFFFF;
            (previous, current) = (current, next);
        }

        return current << 1;
    }

    private static (uint Hash, uint MinorHash) HalfMd4(ReadOnlySpan<byte> name, in Le32Array4 seed, bool isSigned)
    {
        Span<uint> state = stackalloc uint[4];
        Span<uint> words = stackalloc uint[Md4PieceBytes / 4];
        Start(state, seed);
        for (; !name.IsEmpty; name = name[Math.Min(name.Length, Md4PieceBytes)..])
        {
            Pack(name, words, isSigned);
            MixMd4(state, words);
        }

        return (state[1], state[2]);
    }

    private static void MixMd4(Span<uint> state, ReadOnlySpan<uint> words)
    {
        (uint a, uint b, uint c, uint d) = (state[0], state[1], state[2], state[3]);
        for (int step = 0; step < 24; step++)
        {
            int round = step / 8;
            uint mixed = round switch
            {
                0 => (b & c) | (~b & d),
                1 => ((b & c) | (b & d) | (c & d)) + 0x5A827999,
                _ => (b ^ c ^ d) + 0x6ED9EBA1,
            };
            uint turned = BitOperations.RotateLeft(a + mixed + words[Md4Order[step]], Md4Shifts[(round * 4) + (step % 4)]);
            (a, b, c, d) = (d, turned, b, c);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
    }

    private static (uint Hash, uint MinorHash) Tea(ReadOnlySpan<byte> name, in Le32Array4 seed, bool isSigned)
    {
        Span<uint> state = stackalloc uint[4];
        Span<uint> key = stackalloc uint[TeaPieceBytes / 4];
        Start(state, seed);
        for (; !name.IsEmpty; name = name[Math.Min(name.Length, TeaPieceBytes)..])
        {
            Pack(name, key, isSigned);
            (uint left, uint right) = (state[0], state[1]);
            uint sum = 0;
            for (int round = 0; round < 16; round++)
            {
                sum += 0x9E3779B9;
                left += ((right << 4) + key[0]) ^ (right + sum) ^ ((right >> 5) + key[1]);
                right += ((left << 4) + key[2]) ^ (left + sum) ^ ((left >> 5) + key[3]);
            }

            state[0] += left;
            state[1] += right;
        }

        return (state[0], state[1]);
    }

    private static void Start(Span<uint> state, in Le32Array4 seed)
    {
        uint any = 0;
        for (int i = 0; i < 4; i++)
            any |= state[i] = seed[i];
        if (any == 0) // (3)
            (state[0], state[1], state[2], state[3]) = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476);
    }

    /// <summary>
    /// Fills the words of one piece: four bytes a word, the first one highest, added with carries so that signed bytes borrow from those
    /// before. A word that the name does not fill, and all that follow, hold the length of what is left in each of their free bytes.
    /// </summary>
    private static void Pack(ReadOnlySpan<byte> rest, Span<uint> words, bool isSigned)
    {
        uint fill = (uint)rest.Length & 0xFFFF;
        fill |= fill << 8;
        fill |= fill << 16;
        int usedBytes = Math.Min(rest.Length, words.Length * 4);
        for (int word = 0; word < words.Length; word++)
        {
            uint value = fill;
            for (int i = word * 4; i < Math.Min(usedBytes, (word * 4) + 4); i++)
                value = (value << 8) + Widen(rest[i], isSigned);
            words[word] = value;
        }
    }

    private static uint Widen(byte one, bool isSigned) => isSigned ? (uint)(sbyte)one : one;
}
