using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.Journal;

/// <summary>The head of every block of a journal that is not a copy of another block (<c>journal_header_t</c>).</summary>
[StructLayout(LayoutKind.Explicit, Size = 0x0C)]
public struct JournalHeader
{
    /// <summary>What <see cref="Magic"/> holds.</summary>
    public const uint ExpectedMagic = 0xC03B3998;

    /// <summary>Bytes of the head.</summary>
    public const int SizeBytes = 0x0C;

    /// <summary><c>h_magic</c>: 0xC03B3998.</summary>
    [FieldOffset(0x00)] public Be32 Magic;

    /// <summary><c>h_blocktype</c>: see <see cref="JournalBlockType"/>.</summary>
    [FieldOffset(0x04)] public Be32 BlockTypeValue;

    /// <summary><c>h_sequence</c>: the transaction to which the block belongs.</summary>
    [FieldOffset(0x08)] public Be32 Sequence;

    /// <summary>What kind of block it is.</summary>
    public JournalBlockType BlockType
    {
        readonly get => (JournalBlockType)BlockTypeValue.Value;
        set => BlockTypeValue = (uint)value;
    }

    /// <summary>Makes a head.</summary>
    public static JournalHeader Of(JournalBlockType blockType, uint sequence)
    {
        JournalHeader header = default;
        header.Magic = ExpectedMagic;
        header.BlockType = blockType;
        header.Sequence = sequence;
        return header;
    }
}
