using System.Runtime.InteropServices;

namespace ExtShell.Conformance.Tests.Kernel;

/// <summary>
/// What the recorder needs of the FUSE protocol, version 7 (include/uapi/linux/fuse.h): numbers and the layout of messages.
/// </summary>
internal static class FuseProtocol
{
    public const int MajorVersion = 7;
    public const int MinorVersion = 31;
    public const uint FlagAsyncRead = 1 << 0;
    public const uint FlagBigWrites = 1 << 5;
    public const uint FlagAsyncDirect = 1 << 15;
    public const uint FlagMaxPages = 1 << 22;

    public enum Operation
    {
        Lookup = 1,
        Forget = 2,
        GetAttributes = 3,
        SetAttributes = 4,
        Open = 14,
        Read = 15,
        Write = 16,
        Statistics = 17,
        Release = 18,
        Sync = 20,
        Flush = 25,
        Initialize = 26,
        OpenDirectory = 27,
        ReadDirectory = 28,
        ReleaseDirectory = 29,
        Interrupt = 36,
        Destroy = 38,
        BatchForget = 42,
        Fallocate = 43,
    }

    /// <summary>The head of a request.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct RequestHeader
    {
        public uint LengthBytes;
        public uint Operation;
        public ulong Unique;
        public ulong Node;
        public uint Uid;
        public uint Gid;
        public uint Pid;
        public uint Padding;
    }

    /// <summary>The head of a reply.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ReplyHeader
    {
        public uint LengthBytes;
        public int Error;
        public ulong Unique;
    }

    [StructLayout(LayoutKind.Sequential, Size = 64)]
    public struct InitializeReply
    {
        public uint Major;
        public uint Minor;
        public uint MaxReadAhead;
        public uint Flags;
        public ushort MaxBackground;
        public ushort CongestionThreshold;
        public uint MaxWrite;
        public uint TimeGranularity;
        public ushort MaxPages;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Attributes
    {
        public ulong Inode;
        public ulong Size;
        public ulong Blocks;
        public ulong AccessTime;
        public ulong ModifyTime;
        public ulong ChangeTime;
        public uint AccessNanoseconds;
        public uint ModifyNanoseconds;
        public uint ChangeNanoseconds;
        public uint Mode;
        public uint Links;
        public uint Uid;
        public uint Gid;
        public uint Device;
        public uint BlockSize;
        public uint Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct AttributesReply
    {
        public ulong ValidSeconds;
        public uint ValidNanoseconds;
        public uint Padding;
        public Attributes Attributes;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct EntryReply
    {
        public ulong Node;
        public ulong Generation;
        public ulong EntryValidSeconds;
        public ulong AttributesValidSeconds;
        public uint EntryValidNanoseconds;
        public uint AttributesValidNanoseconds;
        public Attributes Attributes;
    }

    [StructLayout(LayoutKind.Sequential, Size = 16)]
    public struct OpenReply
    {
        public ulong Handle;
    }

    /// <summary>The beginning of a read or a write request; a write's bytes follow.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 40)]
    public struct TransferRequest
    {
        public ulong Handle;
        public ulong OffsetBytes;
        public uint LengthBytes;
    }

    [StructLayout(LayoutKind.Sequential, Size = 8)]
    public struct WriteReply
    {
        public uint LengthBytes;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct FallocateRequest
    {
        public ulong Handle;
        public ulong OffsetBytes;
        public ulong LengthBytes;
        public uint Mode;
        public uint Padding;
    }

    [StructLayout(LayoutKind.Sequential, Size = 80)]
    public struct StatisticsReply
    {
        public ulong Blocks;
        public ulong FreeBlocks;
        public ulong AvailableBlocks;
        public ulong Files;
        public ulong FreeFiles;
        public uint BlockSize;
        public uint NameLength;
        public uint FragmentSize;
    }
}
