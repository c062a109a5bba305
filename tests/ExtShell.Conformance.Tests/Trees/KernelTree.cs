using System.Security.Cryptography;
using ExtShell.Conformance.Tests.Kernel;
using ExtShell.Format.OnDisk;

namespace ExtShell.Conformance.Tests.Trees;

/// <summary>The tree of a mounted volume as the kernel shows it.</summary>
internal static unsafe class KernelTree
{
    private const int FiemapHeaderSizeBytes = 32;
    private const int FiemapExtentSizeBytes = 56;
    private const int ExtentsInRequest = 64;
    private const ulong GetFlags = 0x80086601;
    private const uint SyncFirst = 0x1;
    private const uint LastExtent = 0x1;
    private const uint UnwrittenExtent = 0x800;

    /// <summary>Walks the volume that is mounted in the folder.</summary>
    public static FileTree Read(string folder, bool withAttributes = false, int blockSizeBytes = 4096)
    {
        var files = new List<FileFacts>();
        Walk(folder, "/", withAttributes, blockSizeBytes, files);
        return new FileTree(files);
    }

    private static void Walk(string host, string path, bool withAttributes, int blockSizeBytes, List<FileFacts> files)
    {
        (int mode, int links, long sizeBytes, _) = LinuxCalls.Stat(host);
        var inodeMode = (InodeMode)mode;
        (string content, string blocks) = (inodeMode & InodeMode.TypeMask) switch
        {
            InodeMode.Regular => (HashOf(host), BlocksOf(host, blockSizeBytes)),
            InodeMode.SymbolicLink => (new FileInfo(host).LinkTarget!, ""),
            _ => ("", ""),
        };
        files.Add(new FileFacts(path, inodeMode, links, sizeBytes, content, blocks)
        {
            Others = withAttributes ? OthersOf(host, inodeMode) : "",
            Attributes = withAttributes ? FileFacts.Describe(LinuxCalls.Attributes(host).Select(one => (one.Key, one.Value))) : "",
        });
        if ((inodeMode & InodeMode.TypeMask) != InodeMode.Directory)
            return;
        foreach (string entry in Directory.EnumerateFileSystemEntries(host))
            Walk(entry, path == "/" ? "/" + Path.GetFileName(entry) : path + "/" + Path.GetFileName(entry), withAttributes, blockSizeBytes,
                files);
    }

    private static string OthersOf(string host, InodeMode mode)
    {
        KernelStatus status = KernelStatus.Of(host, followsLink: false) ?? throw new IOException($"statx {host}");
        InodeFlags flags = InodeFlags.None;
        if ((mode & InodeMode.TypeMask) is InodeMode.Regular or InodeMode.Directory)
        {
            int descriptor = LinuxCalls.Open(host, 0);
            uint seen = 0;
            LinuxCalls.Ioctl(descriptor, GetFlags, (byte*)&seen, $"FS_IOC_GETFLAGS {host}");
            LinuxCalls.Close(descriptor);
            flags = (InodeFlags)seen;
        }

        return FileFacts.DescribeOthers(status.Owner, status.Group, flags, status.Device);
    }

    private static string HashOf(string host)
    {
        using FileStream stream = File.OpenRead(host);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>The file's map by FIEMAP, after what is dirty was allocated.</summary>
    private static string BlocksOf(string host, int blockSizeBytes)
    {
        var runs = new BlockRuns();
        int descriptor = LinuxCalls.Open(host, 0);
        byte* request = stackalloc byte[FiemapHeaderSizeBytes + (ExtentsInRequest * FiemapExtentSizeBytes)];
        try
        {
            for (ulong start = 0; ;)
            {
                *(ulong*)request = start;
                *(ulong*)(request + 8) = ulong.MaxValue - start;
                *(uint*)(request + 16) = SyncFirst;
                *(uint*)(request + 20) = 0;
                *(uint*)(request + 24) = ExtentsInRequest;
                LinuxCalls.Ioctl(descriptor, LinuxCalls.FiemapRequest, request, $"FIEMAP {host}");
                uint count = *(uint*)(request + 20);
                if (count == 0)
                    return runs.ToString();
                for (uint i = 0; i < count; i++)
                {
                    byte* extent = request + FiemapHeaderSizeBytes + (i * FiemapExtentSizeBytes);
                    (ulong logical, ulong length, uint flags) = (*(ulong*)extent, *(ulong*)(extent + 16), *(uint*)(extent + 40));
                    runs.Add((long)logical / blockSizeBytes, (long)length / blockSizeBytes, (flags & UnwrittenExtent) == 0);
                    if ((flags & LastExtent) != 0)
                        return runs.ToString();
                    start = logical + length;
                }
            }
        }
        finally
        {
            LinuxCalls.Close(descriptor);
        }
    }
}
