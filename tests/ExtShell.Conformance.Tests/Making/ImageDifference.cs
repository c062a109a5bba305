using ExtShell.Format.OnDisk;

namespace ExtShell.Conformance.Tests.Making;

/// <summary>Compares two images byte by byte, but for what a superblock counts that is no property of the volume.</summary>
/// <remarks>
/// Left out, in the superblock and its copies: <c>s_kbytes_written</c> (mke2fs stores what its own cache had written back by then, ExtShell
/// stores 0), and <c>s_checksum</c>, which covers it; that ExtShell's is right is e2fsck's to say.
/// </remarks>
internal static class ImageDifference
{
    private const int BufferSizeBytes = 1 << 20;
    private const int KibibytesWritten = 0x178;
    private const int SuperBlockChecksum = 0x3FC;

    /// <summary>The first differences, each as block and bytes; empty if there is none.</summary>
    public static List<string> Find(string ours, string theirs, int blockSizeBytes)
    {
        var differences = new List<string>();
        using FileStream left = File.OpenRead(ours);
        using FileStream right = File.OpenRead(theirs);
        if (left.Length != right.Length)
            return [$"{left.Length} bytes, mke2fs {right.Length}"];
        var leftBytes = new byte[BufferSizeBytes];
        var rightBytes = new byte[BufferSizeBytes];
        for (long offset = 0; offset < left.Length && differences.Count < 8; offset += BufferSizeBytes)
        {
            int length = left.ReadAtLeast(leftBytes, BufferSizeBytes, throwOnEndOfStream: false);
            right.ReadExactly(rightBytes, 0, length);
            if (!leftBytes.AsSpan(0, length).SequenceEqual(rightBytes.AsSpan(0, length)))
                Compare(offset, leftBytes.AsSpan(0, length), rightBytes.AsSpan(0, length), blockSizeBytes, differences);
        }

        return differences;
    }

    private static void Compare(long offset, Span<byte> left, Span<byte> right, int blockSizeBytes, List<string> differences)
    {
        for (int at = 0; at < left.Length && differences.Count < 8; at += 1024)
        {
            if (left.Slice(at, 1024).SequenceEqual(right.Slice(at, 1024)))
                continue;
            bool isSuperBlock = BitConverter.ToUInt16(right[(at + 0x38)..]) == SuperBlock.ExpectedMagic;
            for (int i = at; i < at + 1024; i++)
            {
                bool isLeftOut = isSuperBlock && i - at is (>= KibibytesWritten and < KibibytesWritten + 8) or >= SuperBlockChecksum;
                if (left[i] != right[i] && !isLeftOut)
                {
                    differences.Add($"block {(offset + i) / blockSizeBytes} byte 0x{(offset + i) % blockSizeBytes:X}: 0x{left[i]:X2}, "
                        + $"mke2fs 0x{right[i]:X2}");
                    break;
                }
            }
        }
    }
}
