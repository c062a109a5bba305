using System.Runtime.InteropServices;
using ExtShell.Format.Endian;
using ExtShell.Format.Errors;

namespace ExtShell.Format.OnDisk;

/// <summary>
/// An extent (<c>struct ext4_extent</c>). A raw length up to 32,768 is that many written blocks; above, it is 32,768 more than the number
/// of unwritten ones, so that a written extent has at most 32,768 blocks and an unwritten one 32,767.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x0C)]
public struct ExtentLeaf
{
    /// <summary>The most blocks of a written extent.</summary>
    public const int MaxWrittenLengthBlocks = 32768;

    /// <summary>The most blocks of an unwritten extent.</summary>
    public const int MaxUnwrittenLengthBlocks = 32767;

    /// <summary><c>ee_block</c>: the first block of the file that it maps.</summary>
    [FieldOffset(0x00)] public Le32 LogicalBlock;

    /// <summary><c>ee_len</c>: blocks and state.</summary>
    [FieldOffset(0x04)] public Le16 RawLength;

    /// <summary><c>ee_start_hi</c>: the first block on the volume, high half.</summary>
    [FieldOffset(0x06)] public Le16 StartHigh;

    /// <summary><c>ee_start_lo</c>: the first block on the volume, low half.</summary>
    [FieldOffset(0x08)] public Le32 StartLow;

    /// <summary>The first block on the volume: 48 bits.</summary>
    public long StartBlock
    {
        readonly get => StartLow.Value | ((long)StartHigh.Value << 32);
        set
        {
            StartLow = (uint)value;
            StartHigh = checked((ushort)(value >> 32));
        }
    }

    /// <summary>How many blocks it maps.</summary>
    public readonly int LengthBlocks =>
        RawLength.Value <= MaxWrittenLengthBlocks ? RawLength.Value : RawLength.Value - MaxWrittenLengthBlocks;

    /// <summary>Whether its blocks read as zeroes until they are converted.</summary>
    public readonly bool IsUnwritten => RawLength.Value > MaxWrittenLengthBlocks;

    /// <summary>The first block of the file behind it; up to 2^32.</summary>
    public readonly long EndLogicalBlock => LogicalBlock.Value + (long)LengthBlocks;

    /// <summary>Stores length and state together.</summary>
    public void SetLength(int lengthBlocks, bool isUnwritten)
    {
        InvariantException.Require(
            lengthBlocks > 0 && lengthBlocks <= (isUnwritten ? MaxUnwrittenLengthBlocks : MaxWrittenLengthBlocks),
            "an extent is 1 to 32,768 blocks long, an unwritten one one less");
        RawLength = (ushort)(isUnwritten ? lengthBlocks + MaxWrittenLengthBlocks : lengthBlocks);
    }

    /// <summary>Makes an extent.</summary>
    public static ExtentLeaf Of(uint logicalBlock, int lengthBlocks, long startBlock, bool isUnwritten)
    {
        ExtentLeaf leaf = default;
        leaf.LogicalBlock = logicalBlock;
        leaf.StartBlock = startBlock;
        leaf.SetLength(lengthBlocks, isUnwritten);
        return leaf;
    }
}
