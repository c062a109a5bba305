using System.Buffers.Binary;
using System.Text;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Devices;

/// <summary>
/// Write logs as files, in the format of the Linux device-mapper target dm-log-writes
/// (Documentation/admin-guide/device-mapper/log-writes.rst, drivers/md/dm-log-writes.c), which QEMU's blklogwrites writes too: traces of
/// real kernels come in, ours go out.
/// </summary>
/// <remarks>
/// Format, all little-endian. Sector 0: magic 0x6a736677736872, version 1, number of entries (64 bits each), sector size (32 bits). Then
/// for each entry a sector with the sector where it was written, how many, flags, length of inline data (64 bits each; a mark's text
/// follows inline), and behind it the sectors that were written.
/// (1) The target logs in the order of completion, and holds ordinary writes back until the next flush: so what lies between two flushes is
/// read as a set, all submitted before any has ended. An entry that carries a flush with its data is a flush, then a write.
/// (2) What is still in flight at a log's end has no place in the file and is left out by <see cref="Write"/>.
/// (3) Lengths are checked against the file's real size before anything is allocated.
/// </remarks>
public static class WriteLogFile
{
    private const ulong Magic = 0x6a736677736872;
    private const int HeaderBytes = 32;
    private const int LargestSectorBytes = 4096;
    private const int MostMarkBytes = LargestSectorBytes - HeaderBytes;

    [Flags]
    private enum EntryFlags : ulong
    {
        None = 0,
        Flush = 1,
        Fua = 2,
        Discard = 4,
        Mark = 8,
        Metadata = 16,
    }

    /// <summary>Writes what has ended, in the order in which it did.</summary>
    /// <exception cref="FileSystemException">EOPNOTSUPP: the log is one of persistent memory; the format has no lines and no
    /// fences.</exception>
    /// <exception cref="IOException">The host refuses.</exception>
    public static void Write(WriteLog log, Stream stream, int sectorSizeBytes = 512)
    {
        if (log.HasStores)
            throw new FileSystemException(Errno.EOPNOTSUPP, "write a log file", "it holds stores to memory, and the format has none");
        var ended = new List<LoggedBio>();
        foreach (LoggedBio bio in log.Bios)
        {
            if (bio.CompletedAt != int.MaxValue && bio.Error == Errno.None) // (2)
                ended.Add(bio);
        }

        ended.Sort(static (a, b) => a.CompletedAt.CompareTo(b.CompletedAt));
        var sector = new byte[sectorSizeBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(sector, Magic);
        BinaryPrimitives.WriteUInt64LittleEndian(sector.AsSpan(8), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(sector.AsSpan(16), (ulong)(ended.Count + log.Marks.Count));
        BinaryPrimitives.WriteUInt32LittleEndian(sector.AsSpan(24), (uint)sectorSizeBytes);
        stream.Write(sector);
        int mark = 0;
        foreach (LoggedBio bio in ended)
        {
            for (; mark < log.Marks.Count && log.Marks[mark].Position <= bio.CompletedAt; mark++)
                WriteMark(stream, sector, log.Marks[mark].Text);
            WriteBio(stream, sector, bio);
        }

        for (; mark < log.Marks.Count; mark++)
            WriteMark(stream, sector, log.Marks[mark].Text);
    }

    /// <summary>Reads a log.</summary>
    /// <param name="stream">The file; it must be able to seek.</param>
    /// <param name="start">What the device held when the log began; not to be written afterwards.</param>
    /// <exception cref="CorruptionException">It is no such file, ends early, or writes outside the device.</exception>
    public static WriteLog Read(Stream stream, IStorage start)
    {
        (long count, int sectorSizeBytes) = ReadHeader(stream);
        var log = new WriteLog(start, new DeviceTraits(HasVolatileCache: true, HasFua: true));
        var open = new List<int>();
        var header = new byte[sectorSizeBytes];
        for (long i = 0; i < count; i++)
        {
            long offset = stream.Position;
            ReadExactly(stream, header, offset);
            ReadEntry(stream, header, offset, log, open);
        }

        End(log, open);
        return log;
    }

    private static (long Count, int SectorSizeBytes) ReadHeader(Stream stream)
    {
        var header = new byte[512];
        ReadExactly(stream, header, 0);
        ulong magic = BinaryPrimitives.ReadUInt64LittleEndian(header);
        Require(magic == Magic, 0, "magic", $"0x{Magic:x}", $"0x{magic:x}");
        ulong version = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(8));
        Require(version == 1, 0, "version", "1", $"{version}");
        ulong count = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(16));
        uint sectorSize = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(24));
        Require(sectorSize is 512 or 1024 or 2048 or 4096, 0, "sectorsize", "512 to 4096", $"{sectorSize}");
        Require(count <= (ulong)(stream.Length / sectorSize), 0, "nr_entries", $"at most {stream.Length / sectorSize}", $"{count}"); // (3)
        stream.Position = sectorSize;
        return ((long)count, (int)sectorSize);
    }

    private static void ReadEntry(Stream stream, byte[] header, long offset, WriteLog log, List<int> open)
    {
        ulong sector = BinaryPrimitives.ReadUInt64LittleEndian(header);
        ulong sectors = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(8));
        var flags = (EntryFlags)BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(16));
        ulong inline = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(24));
        if (flags.HasFlag(EntryFlags.Mark))
        {
            Require(inline <= (ulong)(header.Length - HeaderBytes), offset, "data_len", $"at most {header.Length - HeaderBytes}",
                $"{inline}");
            log.Mark(Encoding.UTF8.GetString(header.AsSpan(HeaderBytes, (int)inline)).TrimEnd('\0'));
            return;
        }

        if (flags.HasFlag(EntryFlags.Flush)) // (1)
        {
            End(log, open);
            LoggedBio flush = log.Submitted(BioOperation.Flush, false, 0, 0, default, default);
            log.Completed(flush.Index, Errno.None);
        }

        if (sectors == 0)
            return;
        ulong end = (ulong)(log.Start.LengthBytes / header.Length);
        Require(sector <= end && sectors <= end - sector && sectors <= (ulong)(int.MaxValue / header.Length), offset, "sector, nr_sectors",
            $"inside the device of {end} sectors", $"{sector}, {sectors}");
        int length = (int)sectors * header.Length;
        bool isDiscard = flags.HasFlag(EntryFlags.Discard);
        var data = ReadOnlyMemory<byte>.Empty;
        if (!isDiscard)
        {
            Require(length <= stream.Length - stream.Position, offset, "nr_sectors",
                $"at most what is left of the file, {stream.Length - stream.Position} bytes", $"{length} bytes"); // (3)
            var bytes = new byte[length];
            ReadExactly(stream, bytes, offset);
            data = bytes;
        }

        bool isFua = flags.HasFlag(EntryFlags.Fua);
        LoggedBio bio = log.Submitted(isDiscard ? BioOperation.WriteZeroes : BioOperation.Write, isFua, (long)sector * header.Length,
            length, data, new Provenance(flags.HasFlag(EntryFlags.Metadata) ? ProvenanceKind.Metadata : ProvenanceKind.Unknown));
        if (isFua)
            log.Completed(bio.Index, Errno.None);
        else
            open.Add(bio.Index);
    }

    private static void End(WriteLog log, List<int> open)
    {
        foreach (int index in open)
            log.Completed(index, Errno.None);
        open.Clear();
    }

    private static void WriteBio(Stream stream, byte[] sector, LoggedBio bio)
    {
        EntryFlags flags = bio.Operation switch
        {
            BioOperation.Flush => EntryFlags.Flush,
            BioOperation.WriteZeroes => EntryFlags.Discard,
            _ => bio.IsFua ? EntryFlags.Fua : EntryFlags.None,
        };
        if (bio.Origin.Kind is ProvenanceKind.Metadata or ProvenanceKind.Journal)
            flags |= EntryFlags.Metadata;
        WriteHeader(stream, sector, bio.OffsetBytes / sector.Length, bio.LengthBytes / sector.Length, flags, default);
        stream.Write(bio.Data.Span);
    }

    private static void WriteMark(Stream stream, byte[] sector, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        WriteHeader(stream, sector, 0, 0, EntryFlags.Mark,
            bytes.AsSpan(0, Math.Min(bytes.Length, Math.Min(MostMarkBytes, sector.Length - HeaderBytes))));
    }

    private static void WriteHeader(Stream stream, byte[] sector, long at, long count, EntryFlags flags, ReadOnlySpan<byte> inline)
    {
        sector.AsSpan().Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(sector, (ulong)at);
        BinaryPrimitives.WriteUInt64LittleEndian(sector.AsSpan(8), (ulong)count);
        BinaryPrimitives.WriteUInt64LittleEndian(sector.AsSpan(16), (ulong)flags);
        BinaryPrimitives.WriteUInt64LittleEndian(sector.AsSpan(24), (ulong)inline.Length);
        inline.CopyTo(sector.AsSpan(HeaderBytes));
        stream.Write(sector);
    }

    private static void ReadExactly(Stream stream, Span<byte> into, long offset)
    {
        int read = stream.ReadAtLeast(into, into.Length, throwOnEndOfStream: false);
        Require(read == into.Length, offset, "length", $"{into.Length} bytes more", $"{read} bytes");
    }

    private static void Require(bool holds, long offset, string field, string expected, string found)
    {
        if (!holds)
            throw new CorruptionException(offset, "write log", field, expected, found);
    }
}
