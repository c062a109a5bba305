using System.Buffers.Binary;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.PowerShell.Binding;

/// <summary>
/// What stands where an image is to be made: an image, or a file of zeroes, is replaced; whatever else only where it is asked for.
/// </summary>
internal static class ImageTarget
{
    private const int BeginBytes = 4096;
    private const int SuperBlockOffsetBytes = 1024;
    private const int MagicOffsetBytes = SuperBlockOffsetBytes + 0x38;

    /// <summary>Refuses to replace what may be precious.</summary>
    /// <exception cref="FileSystemException">EEXIST: a file is there that is no image.</exception>
    public static void RequireReplaceable(string path, bool isForced)
    {
        if (!isForced && File.Exists(path) && !IsReplaceable(path))
            throw new FileSystemException(Errno.EEXIST, $"make image {path}", "a file is there that is no ext image: -Force replaces it");
    }

    private static bool IsReplaceable(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var begin = new byte[BeginBytes];
        int read = file.ReadAtLeast(begin, BeginBytes, throwOnEndOfStream: false);
        return !begin.AsSpan(0, read).ContainsAnyExcept((byte)0)
            || BinaryPrimitives.ReadUInt16LittleEndian(begin.AsSpan(MagicOffsetBytes)) == SuperBlock.ExpectedMagic;
    }
}
