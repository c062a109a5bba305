using System.Buffers.Binary;
using ExtShell.Format.Journal;
using ExtShell.Format.Sources;

namespace ExtShell.Engine.Journal;

/// <summary>What a journal holds, read without changing anything.</summary>
/// <param name="LengthBlocks">Blocks of the journal.</param>
/// <param name="FirstTransaction">The transaction that the log begins with, or that comes next where it is empty.</param>
/// <param name="IsEmpty">Whether there is nothing to replay.</param>
/// <param name="End">Why the log ends where it does.</param>
/// <param name="Features">The journal's incompatible features.</param>
/// <param name="Transactions">The transactions, in order; the last one may be incomplete.</param>
public sealed record JournalSurvey(
    uint LengthBlocks,
    uint FirstTransaction,
    bool IsEmpty,
    LogEnd End,
    JournalIncompatibleFeatures Features,
    IReadOnlyList<JournalTransaction> Transactions)
{
    private const int UuidSizeBytes = 16;

    /// <inheritdoc/>
    public override string ToString() =>
        $"journal of {LengthBlocks} blocks: {(IsEmpty ? "empty" : $"{Transactions.Count} transactions from {FirstTransaction} ({End})")}";

    /// <summary>Reads it.</summary>
    /// <param name="image">The volume.</param>
    /// <param name="geometry">Where its journal is.</param>
    public static JournalSurvey Read(IByteSource image, JournalGeometry geometry)
    {
        LogFormat format = LogFormat.Read(image, geometry);
        var features = (JournalIncompatibleFeatures)format.SuperBlock.FeatureIncompat.Value;
        if (format.SuperBlock.Start == 0)
            return new JournalSurvey(geometry.LengthBlocks, format.SuperBlock.Sequence, true, LogEnd.Empty, features, []);
        var scan = new LogScan(image, format, stopsAtBadDescriptor: true);
        scan.Run();
        JournalTransaction[] transactions =
        [
            .. scan.Records.GroupBy(static record => record.Transaction)
                .Select(group => Transaction(image, format, group, group.Key < scan.EndTransaction)),
        ];
        return new JournalSurvey(geometry.LengthBlocks, scan.First.Sequence, false, scan.End, features, transactions);
    }

    private static JournalTransaction Transaction(
        IByteSource image, LogFormat format, IGrouping<TransactionId, LogRecord> records, bool isWhole)
    {
        var homes = new List<long>();
        int revokeBlocks = 0;
        foreach (LogRecord record in records)
        {
            if (record.IsRevoke)
                revokeBlocks++;
            else
                AddHomes(image, format, record, homes);
        }

        return new JournalTransaction(records.Key.Sequence, records.First().Block, homes, revokeBlocks, isWhole);
    }

    private static void AddHomes(IByteSource image, LogFormat format, LogRecord record, List<long> homes)
    {
        long at = format.Geometry.OffsetBytes(record.Block) + JournalHeader.SizeBytes;
        for (int i = 0; i < record.TagCount; i++)
        {
            ReadOnlySpan<byte> tag = image.Read(at, format.Tags.TagSizeBytes);
            ulong home = BinaryPrimitives.ReadUInt32BigEndian(tag);
            if (format.Tags.Is64Bit)
                home |= (ulong)BinaryPrimitives.ReadUInt32BigEndian(tag[8..]) << 32;
            var flags = (TagFlags)BinaryPrimitives.ReadUInt16BigEndian(tag[6..]);
            homes.Add((long)home);
            at += format.Tags.TagSizeBytes + ((flags & TagFlags.SameUuid) != 0 ? 0 : UuidSizeBytes);
        }
    }
}
