using ExtShell.Check.Facts;

namespace ExtShell.Check.Totals;

/// <summary>
/// The sum that makes a <see cref="TreeIdentity"/>: modulo 2^128 over a hash of each inode, of each name, and of each block of attributes
/// that an inode names, so that parts can be taken away again.
/// </summary>
internal struct IdentitySum
{
    private const ulong FirstKey = 0x9E3779B97F4A7C15;
    private const ulong SecondKey = 0xC2B2AE3D27D4EB4F;
    private UInt128 _sum;

    public readonly TreeIdentity Value => new((ulong)(_sum >> 64), (ulong)_sum);

    public void Add(InodeFacts inode) => _sum += HashOf(inode);

    public void Remove(InodeFacts inode) => _sum -= HashOf(inode);

    public void Add(AttributeBlockFacts block) => _sum += HashOf(block);

    public void Remove(AttributeBlockFacts block) => _sum -= HashOf(block);

    public void Add(NameReference name) => _sum += HashOf(name);

    public void Remove(NameReference name) => _sum -= HashOf(name);

    private static UInt128 HashOf(InodeFacts inode)
    {
        if (inode.IsFree)
            return 0;
        var hash = new Mixer(1, inode.Number);
        hash.Add((ulong)inode.Mode | ((ulong)(uint)inode.LinkCount << 16) | (inode.IsUnreadable ? 1UL << 63 : 0));
        hash.Add(inode.Owner | ((ulong)inode.Group << 32));
        hash.Add((ulong)inode.SizeBytes);
        foreach (MappedRun run in inode.Runs)
        {
            hash.Add(run.LogicalBlock | ((ulong)run.LengthBlocks << 32));
            hash.Add((ulong)run.PhysicalBlock | (run.IsWritten ? 1UL << 63 : 0));
        }

        hash.Add(inode.InlineBytes);
        hash.Add((uint)inode.Flags | ((ulong)inode.AttributeBlock << 32));
        hash.Add(inode.Attributes);
        return hash.Value;
    }

    private static UInt128 HashOf(AttributeBlockFacts block)
    {
        var hash = new Mixer(3, (ulong)block.Block | (block.IsUnreadable ? 1UL << 63 : 0));
        hash.Add(block.Attributes);
        return hash.Value;
    }

    private static UInt128 HashOf(NameReference name)
    {
        var hash = new Mixer(2, name.Directory);
        hash.Add(name.Entry.Inode);
        hash.Add(name.Name);
        return hash.Value;
    }

    /// <summary>Two lanes of multiplication folded with itself; not cryptographic.</summary>
    private struct Mixer(ulong kind, ulong number)
    {
        private ulong _first = Fold(kind ^ FirstKey, number ^ SecondKey);
        private ulong _second = Fold(number + FirstKey, kind + SecondKey);

        public readonly UInt128 Value => new(Fold(_first ^ SecondKey, _second ^ FirstKey), Fold(_second + _first, FirstKey));

        public void Add(ulong word)
        {
            _first = Fold(_first ^ word, SecondKey ^ _second);
            _second = Fold(_second + word, FirstKey + _first) + word;
        }

        public void Add(AttributeFacts[] attributes)
        {
            foreach (AttributeFacts attribute in attributes)
            {
                Add((ulong)attribute.Prefix);
                Add(attribute.NameBytes.Span);
                Add(attribute.Value.Span);
            }
        }

        public void Add(ReadOnlySpan<byte> bytes)
        {
            Add((ulong)bytes.Length);
            for (; bytes.Length >= 8; bytes = bytes[8..])
                Add(System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            ulong rest = 0;
            for (int i = 0; i < bytes.Length; i++)
                rest |= (ulong)bytes[i] << (8 * i);
            Add(rest);
        }

        private static ulong Fold(ulong left, ulong right)
        {
            ulong high = Math.BigMul(left, right, out ulong low);
            return high ^ low;
        }
    }
}
