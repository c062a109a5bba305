using System.Buffers.Binary;
using ExtShell.Check.Facts;
using ExtShell.Format.Checksums;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.Format.Sources;

namespace ExtShell.Check.Tests.Fuzz;

/// <summary>
/// Changes a few bytes of one piece of metadata, and in half of the cases mends its sums: a function of the image and the seed.
/// </summary>
internal sealed class Mutator(TargetList targets, byte[] image)
{
    private const int InodeFieldsBytes = 0xA0;
    private readonly List<ByteRange> _changed = [];

    /// <summary>What was changed last.</summary>
    public IReadOnlyList<ByteRange> Changed => _changed;

    /// <summary>Changes the image; says what it did.</summary>
    public string Mutate(Random random)
    {
        _changed.Clear();
        TargetKind kind = targets.Kinds[random.Next(targets.Kinds.Count)];
        MutationTarget target = targets.Of(kind)[random.Next(targets.Of(kind).Count)];
        int offset = ChooseOffset(target, random);
        string what = Change(target, offset, random);
        bool isMended = random.Next(2) == 0;
        if (isMended)
            Mend(target);
        string role = target.Kind == TargetKind.DirectoryBlock ? " " + target.Role : "";
        return $"{target.Kind} {target.Number} at {target.OffsetBytes}+0x{offset:X}{role}: {what}{(isMended ? ", mended" : "")}";
    }

    /// <summary>Restores the bytes of <paramref name="clean"/> where the last mutation changed them.</summary>
    public void Restore(ReadOnlySpan<byte> clean)
    {
        foreach (ByteRange range in _changed)
            clean.Slice((int)range.OffsetBytes, (int)range.LengthBytes).CopyTo(image.AsSpan((int)range.OffsetBytes));
    }

    private int ChooseOffset(MutationTarget target, Random random)
    {
        int length = target.Kind switch
        {
            TargetKind.Inode when random.Next(4) > 0 => Math.Min(InodeFieldsBytes, target.LengthBytes),
            TargetKind.SuperBlock when random.Next(4) > 0 => 0x180,
            TargetKind.JournalSuperBlock when random.Next(4) > 0 => 0x60,
            TargetKind.ExtentBlock when random.Next(4) > 0 => 0x60,
            TargetKind.AttributeBlock when random.Next(4) > 0 => 0x60,
            TargetKind.DirectoryBlock when target.Role is DirectoryBlockRole.Root or DirectoryBlockRole.Node && random.Next(4) > 0 => 0x60,
            _ => target.LengthBytes,
        };
        if (target.Kind == TargetKind.DirectoryBlock && random.Next(3) > 0)
            return EntryOffset(target, random);
        return random.Next(length);
    }

    /// <summary>A byte of the head or the beginning of the name of some entry.</summary>
    private int EntryOffset(MutationTarget target, Random random)
    {
        ReadOnlySpan<byte> block = image.AsSpan((int)target.OffsetBytes, target.LengthBytes);
        var offsets = new List<int>();
        for (int at = 0; at <= block.Length - 12;)
        {
            offsets.Add(at);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(block[(at + 4)..]);
            at += Math.Max(length, 8);
        }

        return offsets[random.Next(offsets.Count)] + random.Next(10);
    }

    private string Change(MutationTarget target, int offset, Random random)
    {
        int width = Math.Min(target.LengthBytes - offset, 1 << random.Next(3));
        if (width == 3)
            width = 2;
        offset -= offset % width;
        Span<byte> field = image.AsSpan((int)target.OffsetBytes + offset, width);
        uint before = Read(field);
        uint after = random.Next(8) switch
        {
            0 => 0,
            1 => uint.MaxValue,
            2 => before + 1,
            3 => before - 1,
            4 => before ^ (1u << random.Next(width * 8)),
            5 => before ^ (1u << random.Next(width * 8)),
            6 => (uint)random.Next(300),
            _ => (uint)random.NextInt64(1L << 32),
        };
        Write(field, after);
        _changed.Add(new ByteRange(target.OffsetBytes + offset, width));
        return $"0x{before:X} to 0x{Read(field):X}";
    }

    private static uint Read(ReadOnlySpan<byte> field)
    {
        uint value = 0;
        for (int i = 0; i < field.Length; i++)
            value |= (uint)field[i] << (8 * i);
        return value;
    }

    private static void Write(Span<byte> field, uint value)
    {
        for (int i = 0; i < field.Length; i++)
            field[i] = (byte)(value >> (8 * i));
    }

    private void Mend(MutationTarget target)
    {
        Volume volume = targets.Volume;
        if (target.Kind == TargetKind.Descriptor && volume.HasUninitializedGroups)
            Store(Ext4Checksums.GroupDescriptor(volume.Geometry, (int)target.Number, target.OffsetBytes), target.OffsetBytes,
                target.LengthBytes);
        if (target.Kind == TargetKind.JournalSuperBlock)
            Store(JournalChecksums.SuperBlock(target.OffsetBytes), target.OffsetBytes, target.LengthBytes);
        if (!volume.HasMetadataChecksum)
            return;
        if (RuleOf(target) is ChecksumRule rule)
            Store(rule, target.OffsetBytes, target.LengthBytes);
        if (target.Kind is TargetKind.BlockBitmap or TargetKind.InodeBitmap)
            MendBitmap(target);
    }

    private ChecksumRule? RuleOf(MutationTarget target)
    {
        VolumeGeometry geometry = targets.Volume.Geometry;
        InodeFacts? facts = targets.Totals.Inodes.GetValueOrDefault(target.Number);
        uint seed = geometry.InodeChecksumSeed(target.Number, facts?.Generation ?? 0);
        ReadOnlySpan<byte> bytes = image.AsSpan((int)target.OffsetBytes, target.LengthBytes);
        switch (target.Kind)
        {
            case TargetKind.SuperBlock:
                return Ext4Checksums.SuperBlock(target.OffsetBytes);
            case TargetKind.Inode:
                int extra = target.LengthBytes > 128 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[0x80..]) : 0;
                return Ext4Checksums.Inode(geometry, target.Number, target.OffsetBytes, extra);
            case TargetKind.ExtentBlock:
                int room = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
                return 12 + (room * 12) + 4 <= bytes.Length ? Ext4Checksums.ExtentBlock(seed, target.OffsetBytes, room) : null;
            case TargetKind.AttributeBlock:
                return Ext4Checksums.XattrBlock(geometry, target.OffsetBytes / bytes.Length);
            case TargetKind.OrphanBlock:
                return Ext4Checksums.OrphanBlock(geometry, seed, target.OffsetBytes / bytes.Length);
            case TargetKind.DirectoryBlock when target.Role is DirectoryBlockRole.Root or DirectoryBlockRole.Node:
                int entries = target.Role == DirectoryBlockRole.Root ? 0x20 : 0x08;
                var count = new MemorySource(image).Read(target.OffsetBytes + entries, 4);
                DxCountLimit limit = System.Runtime.InteropServices.MemoryMarshal.Read<DxCountLimit>(count);
                bool fits = entries + (Math.Max(limit.Limit.Value, limit.Count.Value) * 8) + 8 <= bytes.Length;
                return fits ? Ext4Checksums.DxNode(seed, target.OffsetBytes, entries, limit) : null;
            case TargetKind.DirectoryBlock:
                return Ext4Checksums.DirectoryBlock(geometry, seed, target.OffsetBytes);
            default:
                return null;
        }
    }

    private void MendBitmap(MutationTarget target)
    {
        VolumeGeometry geometry = targets.Volume.Geometry;
        long descriptor = geometry.DescriptorOffsetBytes((int)target.Number);
        ChecksumRule rule = target.Kind == TargetKind.BlockBitmap
            ? Ext4Checksums.BlockBitmap(geometry, target.OffsetBytes, descriptor)
            : Ext4Checksums.InodeBitmap(geometry, target.OffsetBytes, descriptor);
        Store(rule, descriptor, geometry.DescriptorSizeBytes);
        Store(Ext4Checksums.GroupDescriptor(geometry, (int)target.Number, descriptor), descriptor, geometry.DescriptorSizeBytes);
    }

    private void Store(ChecksumRule rule, long offsetBytes, int lengthBytes)
    {
        rule.Store(image, 0);
        _changed.Add(new ByteRange(offsetBytes, lengthBytes));
    }
}
