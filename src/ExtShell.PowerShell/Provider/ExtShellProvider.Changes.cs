using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Provider;
using ExtShell.Engine.Inodes;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Provider;

public sealed partial class ExtShellProvider
{
    /// <inheritdoc/>
    protected override void NewItem(string path, string itemTypeName, object newItemValue) =>
        Change(path, $"Make {itemTypeName}", (volume, inner) =>
        {
            switch (itemTypeName?.ToUpperInvariant())
            {
                case "DIRECTORY" or "CONTAINER":
                    MakeDirectory(volume, inner);
                    break;
                case "HARDLINK":
                    volume.Link(LinkTarget(Convert.ToString(newItemValue, CultureInfo.InvariantCulture) ?? ""), inner);
                    break;
                case "SYMBOLICLINK":
                    volume.Symlink(Convert.ToString(newItemValue, CultureInfo.InvariantCulture) ?? "", inner);
                    break;
                case null or "" or "FILE" or "LEAF":
                    MakeFile(volume, inner, Convert.ToString(newItemValue, CultureInfo.InvariantCulture) ?? "");
                    break;
                default:
                    throw new FileSystemException(
                        Errno.EINVAL, $"make {inner}", $"'{itemTypeName}' is no type: File, Directory, HardLink and SymbolicLink are");
            }

            return Written(volume, path, inner);
        });

    /// <inheritdoc/>
    protected override void RemoveItem(string path, bool recurse) =>
        Change(path, recurse ? "Remove, with all that is in it" : "Remove", static (volume, inner) =>
        {
            VolumeTree.Remove(volume, inner);
            return null;
        });

    /// <inheritdoc/>
    protected override void RenameItem(string path, string newName)
    {
        string destination = DrivePath.Join(path[..path.TrimEnd('/', '\\').LastIndexOfAny(['/', '\\'])], "") + newName;
        Change(path, $"Rename to {newName}", (volume, inner) =>
        {
            if (newName.AsSpan().IndexOfAny('/', '\\') >= 0)
                throw new FileSystemException(
                    Errno.EINVAL, $"rename {inner} to {newName}", "a new name is wanted, no path: Move-Item moves");
            volume.Rename(inner, DrivePath.Inner(destination), Replacing);
            return Written(volume, destination, DrivePath.Inner(destination));
        });
    }

    /// <inheritdoc/>
    protected override void MoveItem(string path, string destination) =>
        Change(path, $"Move to {DrivePath.Inner(destination)}", (volume, inner) =>
        {
            RequireSameDrive(path, destination);
            string target = Into(volume, inner, DrivePath.Inner(destination));
            volume.Rename(inner, target, Replacing);
            return Written(volume, DrivePath.Outer(destination, target), target);
        });

    /// <inheritdoc/>
    protected override void CopyItem(string path, string copyPath, bool recurse) =>
        Change(copyPath, $"Copy {DrivePath.Inner(path)} there", (target, inner) =>
        {
            Volume source = Drive(path).Volume;
            string from = DrivePath.Inner(path);
            string to = Into(target, from, inner);
            lock (VolumeRegistry.GateOf(source))
                VolumeTree.Copy(source, from, target, to, recurse);
            return Written(target, DrivePath.Outer(copyPath, to), to);
        });

    /// <inheritdoc/>
    public IContentReader? GetContentReader(string path)
    {
        var parameters = DynamicParameters as ReadContentParameters ?? new ReadContentParameters();
        return OpenStream(path, OpenOptions.ReadOnly) is { } stream ? new VolumeContentReader(stream, parameters) : null;
    }

    /// <inheritdoc/>
    public object GetContentReaderDynamicParameters(string path) => new ReadContentParameters();

    /// <inheritdoc/>
    public IContentWriter? GetContentWriter(string path)
    {
        var parameters = DynamicParameters as WriteContentParameters ?? new WriteContentParameters();
        return OpenStream(path, OpenOptions.Create) is { } stream ? new VolumeContentWriter(stream, parameters) : null;
    }

    /// <inheritdoc/>
    public object GetContentWriterDynamicParameters(string path) => new WriteContentParameters();

    /// <inheritdoc/>
    public void ClearContent(string path) => Change(path, "Clear", static (volume, inner) =>
    {
        using FileHandle file = volume.Open(inner);
        file.Truncate(0);
        return null;
    });

    /// <inheritdoc/>
    public object? ClearContentDynamicParameters(string path) => null;

    /// <summary>Opens a file's content; null, with an error written, where that is not possible.</summary>
    private VolumeFileStream? OpenStream(string path, OpenOptions options)
    {
        try
        {
            if (options != OpenOptions.ReadOnly)
                RequireWritable(path);
            Volume volume = Drive(path).Volume;
            lock (VolumeRegistry.GateOf(volume))
            {
                RequireFile(volume, DrivePath.Inner(path));
                return new VolumeFileStream(volume, volume.Open(DrivePath.Inner(path), options), options == OpenOptions.ReadOnly);
            }
        }
        catch (Exception failure) when (ErrorRecords.TryMake(failure, path, out ErrorRecord? record))
        {
            WriteError(record);
            return null;
        }
    }

    /// <summary>What a rename does with what has the name: nothing is replaced without -Force.</summary>
    private RenameOptions Replacing => Force ? RenameOptions.None : RenameOptions.NoReplace;

    /// <summary>Writes what is at a path when the volume is free again; PowerShell shows it where -PassThru is given.</summary>
    private Action Written(Volume volume, string path, string inner)
    {
        VolumeItem item = VolumeItem.At(volume, inner);
        return () => WriteItemObject(item, path, item.PSIsContainer);
    }

    private static void RequireFile(Volume volume, string inner)
    {
        if (volume.Exists(inner) && volume.Stat(inner).IsDirectory)
            throw new FileSystemException(Errno.EISDIR, inner, "a directory has no content");
    }

    /// <summary>The file that gets a name: a path inside the volume, or a drive's path.</summary>
    private string LinkTarget(string given) =>
        given.Contains(':', StringComparison.Ordinal)
            ? DrivePath.Inner(SessionState.Path.GetUnresolvedProviderPathFromPSPath(given))
            : given;

    private void MakeDirectory(Volume volume, string inner)
    {
        if (Force && volume.Exists(inner))
            return;
        string parent = inner[..inner.LastIndexOf('/')];
        if (parent.Length > 0 && !volume.Exists(parent))
            MakeDirectory(volume, parent);
        volume.Mkdir(inner);
    }

    private void MakeFile(Volume volume, string inner, string content)
    {
        OpenOptions options = Force ? OpenOptions.Create | OpenOptions.Truncate : OpenOptions.Create | OpenOptions.Exclusive;
        if (inner.LastIndexOf('/') is > 0 and var end && Force && !volume.Exists(inner[..end]))
            MakeDirectory(volume, inner[..end]);
        using FileHandle file = volume.Open(inner, options);
        if (content.Length > 0)
            file.WriteBuffered(0, System.Text.Encoding.UTF8.GetBytes(content));
    }

    /// <summary>The place of a name that goes into a directory, where the destination is one.</summary>
    private static string Into(Volume volume, string from, string destination) =>
        volume.Exists(destination) && volume.Stat(destination).IsDirectory
            ? $"{destination.TrimEnd('/')}/{from[(from.LastIndexOf('/') + 1)..]}"
            : destination;

    private static void RequireSameDrive(string path, string destination)
    {
        if (Drive(path).Volume != Drive(destination).Volume)
            throw new FileSystemException(
                Errno.EXDEV, $"move to {DrivePath.Inner(destination)}", "it is on another volume: copy it, then remove it");
    }
}
