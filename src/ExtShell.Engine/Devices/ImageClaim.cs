using ExtShell.Format.Errors;

namespace ExtShell.Engine.Devices;

/// <summary>
/// That a file is in use as an image in this process: by any number of readers, by one writer, or by who replaces it and is then alone.
/// </summary>
internal sealed class ImageClaim : IDisposable
{
    private static readonly Lock Gate = new();
    private static readonly List<ImageClaim> Held = [];
    private readonly string _path;
    private readonly bool _isToWrite;
    private Func<bool>? _isUsed;

    private ImageClaim(string path, bool isToWrite) => (_path, _isToWrite) = (path, isToWrite);

    /// <summary>Claims a file to read it; always possible.</summary>
    public static ImageClaim ToRead(string path) => Take(path, isToWrite: false, static _ => false);

    /// <summary>Claims a file to write it.</summary>
    /// <exception cref="FileSystemException">EBUSY: somebody writes it.</exception>
    public static ImageClaim ToWrite(string path) => Take(path, isToWrite: true, static other => other._isToWrite);

    /// <summary>Claims a file that is there, or will be, to put another in its place.</summary>
    /// <exception cref="FileSystemException">EBUSY: somebody has it open.</exception>
    public static ImageClaim ToReplace(string path) => Take(path, isToWrite: true, static _ => true);

    /// <summary>Lets the claim hold only as long as the file is used: one that stays open and unused is in nobody's way.</summary>
    public void HoldWhile(Func<bool> isUsed)
    {
        lock (Gate)
            _isUsed = isUsed;
    }

    /// <summary>Lets the file go.</summary>
    public void Dispose()
    {
        lock (Gate)
            Held.Remove(this);
    }

    private static ImageClaim Take(string path, bool isToWrite, Predicate<ImageClaim> hinders)
    {
        var file = new FileInfo(path);
        string target = file.LinkTarget is null ? file.FullName : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        var claim = new ImageClaim(target, isToWrite);
        lock (Gate)
        {
            if (Held.Exists(other => other._path == target && other._isUsed?.Invoke() != false && hinders(other)))
                throw new FileSystemException(
                    Errno.EBUSY, $"open image {path}", "it is open already: as a mounted volume, a copy or a drive");
            Held.Add(claim);
        }

        return claim;
    }
}
