using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ExtShell.Format.Checksums;
using ExtShell.Format.Journal;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;

namespace ExtShell.Format.Tests.Checksums;

/// <summary>
/// Reads a journal from its first transaction to where the log ends, and notes how many blocks of each kind match their sums.
/// </summary>
internal sealed class JournalWalk
{
    private readonly VolumeWalk _volume;
    private readonly List<long> _blocks;
    private readonly int _blockSizeBytes;
    private readonly uint _seed;
    private readonly BlockTagLayout _layout;

    public JournalWalk(byte[] image)
    {
        _volume = new VolumeWalk(image);
        _blockSizeBytes = _volume.Geometry.BlockSizeBytes;
        InodeRecord record = _volume.ReadInode(InodeNumbers.Journal, out _);
        _blocks = _volume.FileBlocks(record, _volume.Geometry.InodeChecksumSeed(InodeNumbers.Journal, record.Generation));
        SuperBlock = MemoryMarshal.Read<JournalSuperBlock>(Block(0));
        _seed = JournalChecksums.Seed(SuperBlock.Uuid);
        _layout = BlockTagLayout.Of(SuperBlock);
    }

    public JournalSuperBlock SuperBlock { get; }

    public Dictionary<string, int> Matching { get; } = [];

    public List<string> Wrong { get; } = [];

    public JournalWalk Run()
    {
        Assert.Equal(JournalHeader.ExpectedMagic, SuperBlock.Header.Magic.Value);
        Assert.Equal((uint)_blockSizeBytes, SuperBlock.BlockSize.Value);
        if (SuperBlock.HasChecksumV2OrV3)
            Note("superblock", 0, JournalChecksums.SuperBlock(OffsetBytes(0)));

        uint sequence = SuperBlock.Sequence;
        uint at = SuperBlock.Start;
        uint register = Crc32BigEndian.InitialRegister;
        while (at != 0)
        {
            JournalHeader header = MemoryMarshal.Read<JournalHeader>(Block(at));
            if (header.Magic.Value != JournalHeader.ExpectedMagic || header.Sequence.Value != sequence)
                break;
            switch (header.BlockType)
            {
                case JournalBlockType.Descriptor:
                    at = VisitDescriptor(at, sequence, ref register);
                    break;
                case JournalBlockType.Revoke:
                    if (_layout.TailSizeBytes > 0)
                        Note("revoke", at, JournalChecksums.BlockWithTail(_seed, OffsetBytes(at), _blockSizeBytes));
                    Assert.InRange(MemoryMarshal.Read<RevokeHeader>(Block(at)).UsedBytes.Value, 16u, (uint)_blockSizeBytes);
                    at = Next(at);
                    break;
                default:
                    Assert.Equal(JournalBlockType.Commit, header.BlockType);
                    VisitCommit(at, register);
                    register = Crc32BigEndian.InitialRegister;
                    at = Next(at);
                    sequence++;
                    break;
            }
        }

        return this;
    }

    private uint VisitDescriptor(uint at, uint sequence, ref uint register)
    {
        byte[] block = Block(at).ToArray();
        long offsetBytes = OffsetBytes(at);
        register = Crc32BigEndian.Update(register, block);
        if (_layout.TailSizeBytes > 0)
            Note("descriptor", at, JournalChecksums.BlockWithTail(_seed, offsetBytes, _blockSizeBytes));
        at = Next(at);
        for (int tag = JournalHeader.SizeBytes; ;)
        {
            TagFlags flags = _layout.IsVersion3
                ? (TagFlags)MemoryMarshal.Read<BlockTag3>(block.AsSpan(tag)).FlagsValue.Value
                : (TagFlags)BinaryPrimitives.ReadUInt16BigEndian(block.AsSpan(tag + 6));
            Count((flags & TagFlags.Escape) != 0 ? "escaped" : "plain");
            register = Crc32BigEndian.Update(register, Block(at));
            if (_layout.HasTagChecksum)
            {
                Note("logged", at,
                    JournalChecksums.LoggedBlock(_seed, sequence, OffsetBytes(at), _blockSizeBytes, offsetBytes + tag, _layout));
                uint sum = JournalChecksums.LoggedBlock(_seed, sequence, Block(at));
                Assert.Equal(
                    _layout.IsVersion3
                        ? MemoryMarshal.Read<BlockTag3>(block.AsSpan(tag)).Checksum.Value
                        : BinaryPrimitives.ReadUInt16BigEndian(block.AsSpan(tag + 4)),
                    _layout.IsVersion3 ? sum : sum & 0xFFFF);
            }

            at = Next(at);
            if ((flags & TagFlags.Last) != 0)
                return at;
            tag += _layout.TagSizeBytes + ((flags & TagFlags.SameUuid) != 0 ? 0 : Uuid.SizeBytes);
        }
    }

    private void VisitCommit(uint at, uint register)
    {
        Count("transaction");
        if (SuperBlock.HasChecksumV2OrV3)
            Note("commit", at, JournalChecksums.CommitBlock(_seed, OffsetBytes(at), _blockSizeBytes));
        CommitRecord commit = MemoryMarshal.Read<CommitRecord>(Block(at));
        if (!SuperBlock.Has(JournalCompatibleFeatures.Checksum))
            return;
        Assert.Equal(((byte)JournalChecksumType.Crc32, (byte)4), (commit.ChecksumType, commit.ChecksumSize));
        if (commit.Checksums[0].Value == register)
            Count("commit v1");
        else
            Wrong.Add($"commit v1 at {at}");
    }

    private void Note(string kind, uint at, in ChecksumRule rule)
    {
        if (rule.Matches(_volume.Source))
            Count(kind);
        else
            Wrong.Add($"{kind} at {at}: computed 0x{rule.Compute(_volume.Source):X8}, stored 0x{rule.Stored(_volume.Source):X8}");
    }

    private void Count(string kind) => Matching[kind] = Matching.GetValueOrDefault(kind) + 1;

    private uint Next(uint at) => at + 1 == SuperBlock.MaxLength.Value ? SuperBlock.First.Value : at + 1;

    private long OffsetBytes(uint at) => _volume.Geometry.BlockOffsetBytes(_blocks[(int)at]);

    private ReadOnlySpan<byte> Block(uint at) => _volume.Source.Read(OffsetBytes(at), _blockSizeBytes);
}
