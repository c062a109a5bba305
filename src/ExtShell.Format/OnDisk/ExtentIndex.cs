using System.Runtime.InteropServices;
using ExtShell.Format.Endian;

namespace ExtShell.Format.OnDisk;

/// <summary>An entry of an inner node (<c>struct ext4_extent_idx</c>): the subtree that maps from a block of the file on.</summary>
[StructLayout(LayoutKind.Explicit, Size = 0x0C)]
public struct ExtentIndex
{
    /// <summary><c>ei_block</c>: the first block of the file that the subtree covers.</summary>
    [FieldOffset(0x00)] public Le32 LogicalBlock;

    /// <summary><c>ei_leaf_lo</c>: the block of the node below, low half.</summary>
    [FieldOffset(0x04)] public Le32 LeafLow;

    /// <summary><c>ei_leaf_hi</c>: the block of the node below, high half.</summary>
    [FieldOffset(0x08)] public Le16 LeafHigh;

    /// <summary><c>ei_unused</c>: padding.</summary>
    [FieldOffset(0x0A)] public Le16 Unused;

    /// <summary>The block of the node below: 48 bits.</summary>
    public long ChildBlock
    {
        readonly get => LeafLow.Value | ((long)LeafHigh.Value << 32);
        set
        {
            LeafLow = (uint)value;
            LeafHigh = checked((ushort)(value >> 32));
        }
    }

    /// <summary>Makes an entry.</summary>
    public static ExtentIndex Of(uint logicalBlock, long childBlock)
    {
        ExtentIndex index = default;
        index.LogicalBlock = logicalBlock;
        index.ChildBlock = childBlock;
        return index;
    }
}
