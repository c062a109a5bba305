using System.Runtime.InteropServices;
using ExtShell.Engine.Caching;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Journal;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Journal;

namespace ExtShell.Engine.Tests.Journal;

/// <summary>A device with a journal and nothing else: every block outside it is metadata for the test to change.</summary>
internal sealed class RawVolume
{
    public const int BlockSizeBytes = 1024;

    private RawVolume(Machine machine, IStorage storage, JournalGeometry geometry, DeviceTraits traits)
    {
        Machine = machine;
        Geometry = geometry;
        Disk = new SimulatedDisk(machine, storage, traits);
        Cache = new BufferCache(machine, Disk, geometry.BlockSizeBytes);
    }

    public Machine Machine { get; }

    public SimulatedDisk Disk { get; }

    public BufferCache Cache { get; }

    public JournalGeometry Geometry { get; }

    public Jbd2Journal Journal { get; private set; } = null!;

    /// <summary>The blocks outside the journal.</summary>
    public IEnumerable<long> Homes =>
        Enumerable.Range(2, (int)Geometry.VolumeLengthBlocks - 2).Select(block => (long)block).Where(block => !Geometry.Contains(block));

    /// <summary>A volume whose journal lies in runs; <paramref name="journalBlocks"/> in three parts with gaps.</summary>
    public static RawVolume Make(
        int journalBlocks, int homeBlocks = 64, JournalOptions? options = null, uint sequence = 1, DeviceTraits? traits = null,
        IScheduleStrategy? strategy = null)
    {
        int third = journalBlocks / 3;
        JournalRun[] runs =
        [
            new(0, 4, third),
            new((uint)third, 4 + third + 2, third),
            new((uint)(2 * third), 4 + (2 * third) + 5, journalBlocks - (2 * third)),
        ];
        int volumeBlocks = 4 + journalBlocks + 5 + homeBlocks;
        var geometry = new JournalGeometry(BlockSizeBytes, volumeBlocks, runs);
        var storage = new PagedMemory((long)volumeBlocks * BlockSizeBytes);
        storage.Write(geometry.OffsetBytes(0), MakeSuperBlock(journalBlocks, sequence));
        return Open(storage, geometry, options, traits, strategy);
    }

    public static RawVolume Open(
        IStorage storage, JournalGeometry geometry, JournalOptions? options = null, DeviceTraits? traits = null,
        IScheduleStrategy? strategy = null)
    {
        var volume = new RawVolume(new Machine(strategy), storage, geometry, traits ?? new DeviceTraits(HasVolatileCache: true));
        volume.Journal = Jbd2Journal.Open(volume.Cache, geometry, options ?? new JournalOptions());
        return volume;
    }

    public static byte[] MakeSuperBlock(int journalBlocks, uint sequence)
    {
        var bytes = new byte[BlockSizeBytes];
        ref JournalSuperBlock superBlock = ref MemoryMarshal.AsRef<JournalSuperBlock>(bytes.AsSpan());
        superBlock.Header = JournalHeader.Of(JournalBlockType.SuperBlockV2, 0);
        superBlock.BlockSize = BlockSizeBytes;
        superBlock.MaxLength = (uint)journalBlocks;
        superBlock.First = 1;
        superBlock.Sequence = sequence;
        superBlock.UsersCount = 1;
        bytes.AsSpan(0x30, 16).Fill(0x5A);
        return bytes;
    }

    /// <summary>One transaction that writes whole blocks and revokes others, committed.</summary>
    public TransactionId Commit(params (long Block, byte[] Bytes)[] blocks) => Commit([], blocks);

    public TransactionId Commit(long[] revoked, params (long Block, byte[] Bytes)[] blocks) => Machine.Run(async () =>
    {
        TransactionId id = await ChangeAsync(revoked, blocks);
        await Journal.CommitAsync(id);
        return id;
    });

    public async ValueTask<TransactionId> ChangeAsync(long[] revoked, params (long Block, byte[] Bytes)[] blocks)
    {
        Handle handle = await Journal.StartAsync(Math.Max(1, blocks.Length), "test");
        foreach ((long block, byte[] bytes) in blocks)
        {
            ExtShell.Engine.Caching.Buffer buffer = Cache.Get(block);
            bytes.CopyTo(handle.GetWriteAccess(buffer));
            handle.Dirty(buffer);
        }

        foreach (long block in revoked)
            handle.Revoke(block, 1);
        TransactionId id = handle.Transaction;
        await handle.StopAsync();
        return id;
    }

    public static byte[] Filled(byte value) => [.. Enumerable.Repeat(value, BlockSizeBytes)];

    public byte[] BlockOf(IStorage storage, long block) => storage.Read(block * BlockSizeBytes, BlockSizeBytes).ToArray();
}
