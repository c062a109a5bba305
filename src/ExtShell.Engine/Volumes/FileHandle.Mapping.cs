using ExtShell.Format.Errors;

namespace ExtShell.Engine.Volumes;

public sealed partial class FileHandle
{
    /// <summary>
    /// Maps a range of the file into memory, shared with all who read and write it. The mapping outlives the handle; it may reach past the
    /// end of the file.
    /// </summary>
    /// <param name="offsetBytes">Where in the file; a multiple of 4,096.</param>
    /// <param name="lengthBytes">How much.</param>
    /// <exception cref="FileSystemException">EINVAL: no such range; ENODEV: it is no regular file.</exception>
    public FileMapping Map(long offsetBytes, long lengthBytes) => Volume.Machine.Run(() => MapAsync(offsetBytes, lengthBytes));

    /// <summary><see cref="Map"/> for a simulated thread.</summary>
    public async ValueTask<FileMapping> MapAsync(long offsetBytes, long lengthBytes)
    {
        FileMapping? mapping = null;
        await RunAsync(Call(OperationKind.Map) with { OffsetBytes = offsetBytes, LengthBytes = lengthBytes }, isChange: false,
            (file, call, _) =>
            {
                FileMapping.RequireRange(_inode, call.OffsetBytes, call.LengthBytes);
                mapping = Volume.AddMapping(this, _inode, call.OffsetBytes, call.LengthBytes);
                return ValueTask.FromResult((long)mapping.Number);
            });
        return mapping!;
    }
}
