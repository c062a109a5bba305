using ExtShell.Engine.Devices;

namespace ExtShell.Conformance.Tests.Kernel;

/// <summary>
/// What the engine asked of its device, in the form in which a kernel's trace is recorded: neighbouring writes are merged as the block
/// layer merges them, and a write with FUA becomes flush, write, flush as over a loop device.
/// </summary>
/// <remarks>
/// Merging (blk-mq with a plug). A write joins a request if all of these hold:
/// (1) the request was not sent yet: it is still in flight when the write is submitted;
/// (2) no flush and no mark is between them;
/// (3) they touch, and together are no longer than the queue's largest request, 1 MiB here.
/// </remarks>
internal static class EngineTrace
{
    private const long LongestRequestBytes = 1 << 20;

    /// <summary>The log's events; marks stand where they were left.</summary>
    public static BlockTrace Of(WriteLog log)
    {
        var events = new List<BlockEvent>();
        var open = new List<Request>();
        int nextMark = 0;
        foreach (LoggedBio bio in log.Bios)
        {
            for (; nextMark < log.Marks.Count && log.Marks[nextMark].Position <= bio.SubmittedAt; nextMark++)
            {
                Send(open, events); // (2)
                events.Add(BlockEvent.Mark(log.Marks[nextMark].Text));
            }

            switch (bio.Operation)
            {
                case BioOperation.Flush:
                    Send(open, events); // (2)
                    events.Add(BlockEvent.Flush);
                    break;
                case BioOperation.Write when bio.IsFua:
                    Send(open, events);
                    events.AddRange([BlockEvent.Flush, BlockEvent.Write(bio.OffsetBytes, bio.Data), BlockEvent.Flush]);
                    break;
                case BioOperation.Write:
                    Join(open, bio);
                    break;
                case BioOperation.WriteZeroes:
                    Send(open, events);
                    events.Add(BlockEvent.Zeroes(bio.OffsetBytes, bio.LengthBytes));
                    break;
            }
        }

        Send(open, events);
        events.AddRange(log.Marks.Skip(nextMark).Select(mark => BlockEvent.Mark(mark.Text)));
        return new BlockTrace(events);
    }

    private static void Join(List<Request> open, LoggedBio bio)
    {
        foreach (Request request in open)
        {
            bool canJoin = request.CompletedAt > bio.SubmittedAt // (1)
                && (request.EndBytes == bio.OffsetBytes || bio.OffsetBytes + bio.LengthBytes == request.OffsetBytes)
                && request.LengthBytes + bio.LengthBytes <= LongestRequestBytes; // (3)
            if (canJoin)
            {
                request.Add(bio);
                return;
            }
        }

        open.Add(new Request(bio));
    }

    private static void Send(List<Request> open, List<BlockEvent> events)
    {
        events.AddRange(open.Select(request => request.ToEvent()));
        open.Clear();
    }

    /// <summary>Writes that go out together.</summary>
    private sealed class Request
    {
        private readonly List<LoggedBio> _bios = [];

        public Request(LoggedBio first) => Add(first);

        public long OffsetBytes => _bios.Min(bio => bio.OffsetBytes);

        public long EndBytes => _bios.Max(bio => bio.OffsetBytes + bio.LengthBytes);

        public long LengthBytes => EndBytes - OffsetBytes;

        public int CompletedAt => _bios.Min(bio => bio.CompletedAt);

        public void Add(LoggedBio bio) => _bios.Add(bio);

        public BlockEvent ToEvent()
        {
            var bytes = new byte[LengthBytes];
            foreach (LoggedBio bio in _bios)
                bio.Data.CopyTo(bytes.AsMemory((int)(bio.OffsetBytes - OffsetBytes)));
            return BlockEvent.Write(OffsetBytes, bytes);
        }
    }
}
