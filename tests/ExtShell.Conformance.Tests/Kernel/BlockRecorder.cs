using System.Runtime.InteropServices;
using ExtShell.TestTools;
using static ExtShell.Conformance.Tests.Kernel.FuseProtocol;

namespace ExtShell.Conformance.Tests.Kernel;

/// <summary>
/// A file system of one file that records what is written to it. With a loop device over the file it records what the kernel's file systems
/// ask of a disk. It speaks FUSE through /dev/fuse itself, so that no library and no compiler is needed.
/// </summary>
/// <remarks>
/// (1) Requests are answered one by one in the order in which they come, so an event's place is both its submission and its end.
/// (2) The page cache's write-back is not taken from the kernel, which would merge and reorder between flushes.
/// (3) Discards and write-zeroes come as fallocate, and change the content.
/// A loop device has no FUA: a commit record that asks for it comes as flush, write, flush.
/// </remarks>
internal sealed unsafe class BlockRecorder : IDisposable
{
    private const string DiskName = "disk";
    private const ulong RootNode = 1;
    private const ulong DiskNode = 2;
    private const int LongestTransferBytes = 1 << 20;
    private const int ErrorNoEntry = 2;
    private const int ErrorNoSpace = 28;
    private const int ErrorNoCall = 38;
    private const int ErrorNotSupported = 95;
    private const int ErrorInterrupted = 4;
    private const uint PunchHole = 0x02;
    private const uint ZeroRange = 0x10;

    private readonly TemporaryFolder _folder = new();
    private readonly List<BlockEvent> _events = [];
    private readonly byte[] _content;
    private readonly int _connection;
    private readonly Thread _server;

    /// <summary>Mounts the file system; its disk reads as zeroes.</summary>
    public BlockRecorder(int sizeBytes)
    {
        _content = new byte[sizeBytes];
        _connection = LinuxCalls.Open("/dev/fuse", LinuxCalls.OpenReadWrite);
        LinuxCalls.Mount("extshell-recorder", _folder.Path, "fuse", $"fd={_connection},rootmode=40000,user_id=0,group_id=0,allow_other");
        _server = new Thread(Serve) { IsBackground = true, Name = "block recorder" };
        _server.Start();
    }

    /// <summary>The file to put a loop device on.</summary>
    public string DiskPath => _folder.File(DiskName);

    /// <summary>Says where whoever drives the device stands.</summary>
    public void Mark(string text) => Add(BlockEvent.Mark(text));

    /// <summary>What has happened so far.</summary>
    public BlockTrace Trace()
    {
        lock (_events)
            return new BlockTrace([.. _events]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        LinuxCalls.Unmount(_folder.Path, detach: true);
        _server.Join();
        LinuxCalls.Close(_connection);
        _folder.Dispose();
    }

    private void Add(BlockEvent one)
    {
        lock (_events)
            _events.Add(one);
    }

    private void Serve()
    {
        var request = new byte[LongestTransferBytes + 4096];
        fixed (byte* into = request)
        {
            for (;;)
            {
                long length = LinuxCalls.Read(_connection, into, request.Length);
                if (length < 0 && LinuxCalls.LastError is ErrorInterrupted or ErrorNoEntry)
                    continue; // the request was taken back
                if (length <= 0)
                    return; // unmounted
                RequestHeader header = MemoryMarshal.Read<RequestHeader>(request);
                Answer(header, request.AsSpan(sizeof(RequestHeader), (int)length - sizeof(RequestHeader)));
            }
        }
    }

    private void Answer(RequestHeader header, ReadOnlySpan<byte> body)
    {
        switch ((Operation)header.Operation)
        {
            case Operation.Initialize:
                Reply(header, new InitializeReply
                {
                    Major = MajorVersion,
                    Minor = MinorVersion,
                    MaxReadAhead = LongestTransferBytes,
                    Flags = FlagAsyncRead | FlagBigWrites | FlagAsyncDirect | FlagMaxPages, // (2)
                    MaxBackground = 64,
                    CongestionThreshold = 48,
                    MaxWrite = LongestTransferBytes,
                    TimeGranularity = 1,
                    MaxPages = LongestTransferBytes / 4096,
                });
                break;
            case Operation.Lookup:
                Lookup(header, body);
                break;
            case Operation.GetAttributes or Operation.SetAttributes:
                Reply(header, new AttributesReply { ValidSeconds = uint.MaxValue, Attributes = AttributesOf(header.Node) });
                break;
            case Operation.Open or Operation.OpenDirectory:
                Reply(header, default(OpenReply));
                break;
            case Operation.Read:
                Read(header, MemoryMarshal.Read<TransferRequest>(body));
                break;
            case Operation.Write:
                Write(header, MemoryMarshal.Read<TransferRequest>(body), body[sizeof(TransferRequest)..]);
                break;
            case Operation.Sync:
                Add(BlockEvent.Flush);
                ReplyError(header, 0);
                break;
            case Operation.Fallocate:
                Fallocate(header, MemoryMarshal.Read<FallocateRequest>(body));
                break;
            case Operation.Statistics:
                Reply(header, new StatisticsReply
                {
                    Blocks = (ulong)_content.Length / 4096,
                    BlockSize = 4096,
                    FragmentSize = 4096,
                    NameLength = 255,
                    Files = 1,
                });
                break;
            case Operation.Release or Operation.ReleaseDirectory or Operation.ReadDirectory or Operation.Flush or Operation.Destroy:
                ReplyError(header, 0);
                break;
            case Operation.Forget or Operation.BatchForget or Operation.Interrupt:
                break;
            default:
                ReplyError(header, ErrorNoCall);
                break;
        }
    }

    private void Lookup(RequestHeader header, ReadOnlySpan<byte> name)
    {
        if (header.Node != RootNode || !name.TrimEnd((byte)0).SequenceEqual("disk"u8))
        {
            ReplyError(header, ErrorNoEntry);
            return;
        }

        Reply(header, new EntryReply
        {
            Node = DiskNode,
            EntryValidSeconds = uint.MaxValue,
            AttributesValidSeconds = uint.MaxValue,
            Attributes = AttributesOf(DiskNode),
        });
    }

    private Attributes AttributesOf(ulong node) => node == RootNode
        ? new Attributes { Inode = RootNode, Mode = 0x41ED, Links = 2, BlockSize = 4096 }
        : new Attributes
        {
            Inode = DiskNode,
            Mode = 0x8180,
            Links = 1,
            BlockSize = 4096,
            Size = (ulong)_content.Length,
            Blocks = (ulong)_content.Length / 512,
        };

    private void Read(RequestHeader header, TransferRequest transfer)
    {
        int offset = (int)Math.Min(transfer.OffsetBytes, (ulong)_content.Length);
        ReplyBytes(header, 0, _content.AsSpan(offset, (int)Math.Min(transfer.LengthBytes, (uint)(_content.Length - offset))));
    }

    private void Write(RequestHeader header, TransferRequest transfer, ReadOnlySpan<byte> bytes)
    {
        if (transfer.OffsetBytes + transfer.LengthBytes > (ulong)_content.Length)
        {
            ReplyError(header, ErrorNoSpace);
            return;
        }

        byte[] written = bytes[..(int)transfer.LengthBytes].ToArray();
        written.CopyTo(_content, (int)transfer.OffsetBytes);
        Add(BlockEvent.Write((long)transfer.OffsetBytes, written));
        Reply(header, new WriteReply { LengthBytes = transfer.LengthBytes });
    }

    private void Fallocate(RequestHeader header, FallocateRequest request)
    {
        if ((request.Mode & (PunchHole | ZeroRange)) == 0 || request.OffsetBytes + request.LengthBytes > (ulong)_content.Length)
        {
            ReplyError(header, ErrorNotSupported);
            return;
        }

        _content.AsSpan((int)request.OffsetBytes, (int)request.LengthBytes).Clear(); // (3)
        Add(BlockEvent.Zeroes((long)request.OffsetBytes, (long)request.LengthBytes));
        ReplyError(header, 0);
    }

    private void Reply<T>(RequestHeader header, T body)
        where T : unmanaged => ReplyBytes(header, 0, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in body)));

    private void ReplyError(RequestHeader header, int error) => ReplyBytes(header, error, default);

    private void ReplyBytes(RequestHeader header, int error, ReadOnlySpan<byte> body)
    {
        var reply = new byte[sizeof(ReplyHeader) + body.Length];
        var head = new ReplyHeader { LengthBytes = (uint)reply.Length, Error = -error, Unique = header.Unique };
        MemoryMarshal.Write(reply, in head);
        body.CopyTo(reply.AsSpan(sizeof(ReplyHeader)));
        fixed (byte* from = reply)
            LinuxCalls.Write(_connection, from, reply.Length);
    }
}
