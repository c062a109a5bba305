using System.Buffers.Binary;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Tests.Allocation;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;
using Buffer = ExtShell.Engine.Caching.Buffer;

namespace ExtShell.Engine.Tests.Mapping;

/// <summary>Trees that an enemy has written: only typed errors, and no endless work.</summary>
public class HostileTreeTests
{
    private const int Extents = 700;

    [Theory]
    [InlineData("^has_journal", true)]
    [InlineData("^has_journal", false)]
    [InlineData("^has_journal,^metadata_csum", true)]
    public void Random_damage_of_the_tree_gives_typed_errors_only(string features, bool isSummedAgain)
    {
        var volume = new TestVolume(8L << 20, TestVolume.Small(1024, features));
        MappedFile file = MakeTree(volume);
        var nodes = new List<long>();
        file.WalkTree(nodes);
        byte[] root = file.Root.ToArray();
        volume.WriteBack();
        var storage = (PagedMemory)volume.Storage;

        int corrupt = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var damaged = new TestVolume(storage.Snapshot());
            var victim = new MappedFile(damaged);
            root.CopyTo(victim.Root);
            long block = random.Next(4) == 0 ? 0 : nodes[random.Next(nodes.Count)];
            Damage(damaged, victim, block, nodes, random, isSummedAgain);
            corrupt += Use(damaged, victim, random) ? 0 : 1;
        }

        Assert.InRange(corrupt, 80, 300);
    }

    [Theory]
    [InlineData(0, (ushort)0xF30B, "eh_magic")]
    [InlineData(2, (ushort)85, "eh_entries")]
    [InlineData(2, (ushort)0, "eh_entries")]
    [InlineData(4, (ushort)83, "eh_max")]
    [InlineData(6, (ushort)5, "eh_depth")]
    public void A_wrong_header_is_named(int offsetBytes, ushort value, string field)
    {
        var volume = new TestVolume(8L << 20, TestVolume.Small());
        MappedFile file = MakeTree(volume);
        long node = ChildOf(file.Root);
        Change(volume, file, node, bytes => BinaryPrimitives.WriteUInt16LittleEndian(bytes[offsetBytes..], value), isSummedAgain: true);
        var error = Assert.Throws<CorruptionException>(() => file.Map.Lookup(0, 1));
        Assert.Equal((field, volume.Geometry.BlockOffsetBytes(node)), (error.Field, error.OffsetBytes));
    }

    [Fact]
    public void A_node_that_leads_to_itself_is_not_followed()
    {
        var volume = new TestVolume(8L << 20, TestVolume.Small());
        MappedFile file = MakeTree(volume);
        long node = ChildOf(file.Root);
        Change(volume, file, node, bytes => BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], (uint)node), isSummedAgain: true);
        Assert.Equal("eh_depth", Assert.Throws<CorruptionException>(() => file.Map.Lookup(0, 1)).Field);
    }

    [Fact]
    public void A_node_that_begins_elsewhere_than_its_parent_says_is_not_used()
    {
        var volume = new TestVolume(8L << 20, TestVolume.Small());
        MappedFile file = MakeTree(volume);
        Change(volume, file, LeafOf(volume, file), bytes => bytes[12] = 1, isSummedAgain: true);
        Assert.Equal("the first entry's block", Assert.Throws<CorruptionException>(() => file.Map.Lookup(0, 1)).Field);
    }

    [Fact]
    public void A_node_that_reaches_into_its_neighbour_is_not_used()
    {
        var volume = new TestVolume(8L << 20, TestVolume.Small());
        MappedFile file = MakeTree(volume);
        Change(volume, file, LeafOf(volume, file), bytes => bytes[12 * bytes[2] + 4] = 4, isSummedAgain: true);
        Assert.Equal("the end of the last entry", Assert.Throws<CorruptionException>(() => file.Map.Lookup(0, 1)).Field);
    }

    [Fact]
    public void A_checksum_that_does_not_match_is_found_before_anything_is_interpreted()
    {
        var volume = new TestVolume(8L << 20, TestVolume.Small());
        MappedFile file = MakeTree(volume);
        Change(volume, file, ChildOf(file.Root), bytes => bytes[0] ^= 1, isSummedAgain: false);
        Assert.Equal("et_checksum", Assert.Throws<CorruptionException>(() => file.Map.Lookup(0, 1)).Field);
    }

    [Fact]
    public void A_node_of_another_inode_does_not_pass_for_ones_own()
    {
        var volume = new TestVolume(8L << 20, TestVolume.Small());
        MappedFile file = MakeTree(volume);
        volume.WriteBack();
        var reread = new TestVolume(volume.Storage);
        var thief = new MappedFile(reread, 21);
        file.Root.CopyTo(thief.Root);
        Assert.Equal("et_checksum", Assert.Throws<CorruptionException>(() => thief.Map.Lookup(0, 1)).Field);
    }

    [Fact]
    public void The_volumes_own_blocks_are_not_a_files()
    {
        var volume = new TestVolume(8L << 20, TestVolume.Small());
        foreach (long own in volume.OwnBlocks().Append(volume.Geometry.BlocksCount).Append((1L << 48) - 1))
        {
            var file = new MappedFile(volume);
            file.Root[2] = 1;
            BinaryPrimitives.WriteUInt16LittleEndian(file.Root[16..], 1);
            BinaryPrimitives.WriteUInt16LittleEndian(file.Root[18..], (ushort)(own >> 32));
            BinaryPrimitives.WriteUInt32LittleEndian(file.Root[20..], (uint)own);
            Assert.Equal("ee_start of entry 0", Assert.Throws<CorruptionException>(() => file.Map.Lookup(0, 1)).Field);
        }
    }

    private static MappedFile MakeTree(TestVolume volume)
    {
        var file = new MappedFile(volume);
        for (uint i = 0; i < Extents; i++)
        {
            uint at = i;
            MappingState state = i % 3 == 0 ? MappingState.Unwritten : MappingState.Written;
            volume.Do(handle => file.Map.Allocate(handle, at * 3, 1, state));
        }

        Assert.Equal(2, file.Map.Depth);
        return file;
    }

    private static long ChildOf(ReadOnlySpan<byte> node) => BinaryPrimitives.ReadUInt32LittleEndian(node[16..]);

    private static long LeafOf(TestVolume volume, MappedFile file) =>
        ChildOf(volume.Buffers.Read(volume.Geometry.BlockOffsetBytes(ChildOf(file.Root)), volume.Geometry.BlockSizeBytes));

    private delegate void BytesChange(Span<byte> bytes);

    /// <summary>Changes a node on the storage, and lets the file be read anew.</summary>
    private static void Change(TestVolume volume, MappedFile file, long block, BytesChange change, bool isSummedAgain)
    {
        Buffer buffer = volume.Buffers.Get(block);
        Span<byte> bytes = buffer.GetContentForWriting();
        change(bytes);
        if (isSummedAgain && volume.Geometry.HasMetadataChecksum)
            Ext4Checksums.ExtentBlock(volume.Geometry.InodeChecksumSeed(file.Number, file.Generation), buffer.OffsetBytes, 84)
                .Store(bytes, buffer.OffsetBytes);
        buffer.IsVerified = false;
        file.Reopen();
    }

    private static void Damage(TestVolume volume, MappedFile file, long block, List<long> nodes, Random random, bool isSummedAgain)
    {
        int count = 1 + random.Next(4);
        if (block == 0)
        {
            DamageBytes(file.Root, nodes, random, count);
            file.Reopen();
            return;
        }

        Change(volume, file, block, bytes => DamageBytes(bytes, nodes, random, count), isSummedAgain);
    }

    private static void DamageBytes(Span<byte> bytes, List<long> nodes, Random random, int count)
    {
        for (int i = 0; i < count; i++)
        {
            int entries = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
            int at = 12 * random.Next(Math.Min(entries, (bytes.Length - 12) / 12) + 1);
            switch (random.Next(6))
            {
                case 0:
                    bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at + random.Next(12)] = (byte)random.Next(256);
                    break;
                case 2: // an entry that leads to a node of the tree, which data may be or which may be its own parent
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes[(at + 4)..], (uint)nodes[random.Next(nodes.Count)]);
                    break;
                case 3: // the extent of another entry
                    bytes.Slice(12 * random.Next((bytes.Length / 12) - 1), 12).CopyTo(bytes[at..]);
                    break;
                case 4:
                    BinaryPrimitives.WriteUInt16LittleEndian(
                        bytes[(2 * random.Next(4))..], (ushort)random.Next(random.Next(2) == 0 ? 8 : 65536));
                    break;
                default:
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes[at..], (uint)random.NextInt64(1L << 32));
                    break;
            }
        }
    }

    /// <summary>Does a bit of everything; false if the damage was met.</summary>
    private static bool Use(TestVolume volume, MappedFile file, Random random)
    {
        try
        {
            int mappings = file.Map.Enumerate().Take(100000).Count();
            Assert.True(mappings < 84 * 84, "no image makes enumeration long");
            for (int i = 0; i < 30; i++)
            {
                uint at = (uint)random.Next(Extents * 3);
                BlockMapping found = file.Map.Lookup(at, 10);
                Assert.InRange(found.LengthBlocks, 1, 10);
                if (!found.IsMapped)
                    volume.Do(handle => file.Map.Allocate(handle, at, 2, MappingState.Unwritten));
                else
                    volume.Do(handle => file.Map.ConvertToWritten(handle, at, 1));
                volume.Do(handle => file.Map.Remove(handle, at + 5, at + 15));
            }

            for (bool isDone = false; !isDone;)
                isDone = volume.Do(handle => file.Map.Remove(handle, 0, uint.MaxValue));
            return true;
        }
        catch (CorruptionException)
        {
            return false;
        }
        catch (FileSystemException)
        {
            return false;
        }
    }
}
