using ExtShell.Engine.Devices;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Tests.Journal;

/// <summary>States that a power cut may leave, derived from a write log: what was flushed or FUA is there, of the rest any part.</summary>
internal static class CrashedDisk
{
    /// <summary>The content at a position of the log.</summary>
    /// <param name="log">The log.</param>
    /// <param name="position">After how many events the power goes.</param>
    /// <param name="keeps">Whether a 512-byte-aligned piece of a write that is not durable is there; asked by bio and piece.</param>
    /// <param name="pieceBytes">What a device writes whole.</param>
    public static IStorage At(WriteLog log, int position, Func<LoggedBio, int, bool> keeps, int pieceBytes)
    {
        IStorage storage = log.Start.Snapshot();
        int durableUpTo = -1;
        foreach (LoggedBio flush in log.Bios)
        {
            if (flush.Operation == BioOperation.Flush && flush.CompletedAt < position && flush.Error == Errno.None)
                durableUpTo = Math.Max(durableUpTo, flush.SubmittedAt);
        }

        foreach (LoggedBio bio in log.Bios)
        {
            if (bio.Operation != BioOperation.Write || bio.SubmittedAt >= position)
                continue;
            bool isDurable = bio.CompletedAt < durableUpTo || (bio.IsFua && bio.CompletedAt < position);
            for (int at = 0; at < bio.LengthBytes; at += pieceBytes)
            {
                if (isDurable || keeps(bio, at / pieceBytes))
                    storage.Write(bio.OffsetBytes + at, bio.Data.Span.Slice(at, Math.Min(pieceBytes, bio.LengthBytes - at)));
            }
        }

        return storage;
    }
}
