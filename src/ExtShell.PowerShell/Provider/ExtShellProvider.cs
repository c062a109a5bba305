using System.Management.Automation;
using System.Management.Automation.Provider;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Lab.Verbs;
using ExtShell.PowerShell.Binding;

namespace ExtShell.PowerShell.Provider;

/// <summary>
/// Volumes as drives: <c>New-PSDrive -Name v -PSProvider ExtShell -Root a.img</c>, then <c>cd v:/etc</c>. Read-only, unless -ReadWrite is
/// given. What is written is buffered; Sync-Volume makes it durable.
/// </summary>
[CmdletProvider("ExtShell", ProviderCapabilities.ShouldProcess | ProviderCapabilities.Filter)]
public sealed partial class ExtShellProvider : NavigationCmdletProvider, IContentCmdletProvider
{
    /// <inheritdoc/>
    protected override object NewDriveDynamicParameters() => new DriveParameters();

    /// <inheritdoc/>
    protected override PSDriveInfo? NewDrive(PSDriveInfo drive)
    {
        if (drive is VolumeDrive)
            return drive;
        var parameters = DynamicParameters as DriveParameters ?? new DriveParameters();
        bool isReadOnly = !parameters.ReadWrite;
        try
        {
            if (parameters.Volume is { } volume)
                return VolumeDrive.Over(drive.Name, drive.Provider, volume, isReadOnly, ownsVolume: false);
            if (parameters.CrashState is { } state)
            {
                Volume mounted = VolumeRegistry.Keep(
                    Laboratory.MountCrashState(state, MountOptions.Default with { ReadOnly = isReadOnly }));
                return VolumeDrive.Over(drive.Name, drive.Provider, mounted, isReadOnly, ownsVolume: true, state.ToString());
            }

            string path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(drive.Root);
            if (!isReadOnly && !ShouldProcess(path, "Mount for writing, and recover where needed"))
                return null;
            return VolumeDrive.OverImage(drive.Name, drive.Provider, path, isReadOnly);
        }
        catch (Exception failure) when (ErrorRecords.TryMake(failure, drive.Root, out ErrorRecord? record))
        {
            ThrowTerminatingError(record);
            return null;
        }
    }

    /// <inheritdoc/>
    protected override PSDriveInfo RemoveDrive(PSDriveInfo drive)
    {
        (drive as VolumeDrive)?.Close();
        return drive;
    }

    /// <inheritdoc/>
    protected override bool IsValidPath(string path) => true;

    /// <summary>Whether there is such a name; a symbolic link is there wherever it leads.</summary>
    protected override bool ItemExists(string path) =>
        Ask(path, static (volume, inner) => volume.Stat(inner, followsLink: false).Inode != 0);

    /// <inheritdoc/>
    protected override bool IsItemContainer(string path) =>
        Ask(path, static (volume, inner) => volume.Exists(inner) && volume.Stat(inner).IsDirectory);

    /// <summary>Whether removing it removes more: a symbolic link goes alone, wherever it leads.</summary>
    protected override bool HasChildItems(string path) =>
        Ask(path, static (volume, inner) => volume.Stat(inner, followsLink: false).IsDirectory && volume.ReadDirectory(inner).Count > 0);

    /// <inheritdoc/>
    protected override void GetItem(string path) => Work(path, volume =>
    {
        VolumeItem item = VolumeItem.At(volume, DrivePath.Inner(path));
        return () => WriteItemObject(item, path, item.PSIsContainer);
    });

    /// <inheritdoc/>
    protected override void GetChildItems(string path, bool recurse) => GetChildItems(path, recurse, recurse ? uint.MaxValue : 0);

    /// <inheritdoc/>
    protected override void GetChildItems(string path, bool recurse, uint depth)
    {
        var parameters = DynamicParameters as ChildParameters ?? new ChildParameters();
        Children(path, recurse ? depth : 0, (item, place) =>
        {
            if (parameters.Wants(item))
                WriteItemObject(item, place, item.PSIsContainer);
        });
    }

    /// <inheritdoc/>
    protected override object GetChildItemsDynamicParameters(string path, bool recurse) => new ChildParameters();

    /// <inheritdoc/>
    protected override object GetChildNamesDynamicParameters(string path) => new ChildParameters();

    /// <inheritdoc/>
    protected override void GetChildNames(string path, ReturnContainers returnContainers) =>
        Children(path, depth: 0, (item, place) => WriteItemObject(DrivePath.Encode(item.Name), place, item.PSIsContainer));

    /// <summary>
    /// Writes what is in a directory, and in those so far below it; those that -Filter leaves out are looked into all the same.
    /// </summary>
    private void Children(string path, uint depth, Action<VolumeItem, string> write) => Work(path, volume =>
    {
        string inner = DrivePath.Inner(path);
        bool isFolder = volume.Stat(inner).IsDirectory;
        VolumeItem[] items = isFolder
            ? [.. VolumeItem.In(volume, inner, recurses: false)]
            : [VolumeItem.At(volume, inner)];
        WildcardPattern? filter = string.IsNullOrEmpty(Filter) ? null : new WildcardPattern(Filter);
        return () =>
        {
            foreach (VolumeItem item in items)
            {
                if (Stopping)
                    return;
                string place = isFolder ? DrivePath.Join(path, item.Name) : path;
                if (filter is null || filter.IsMatch(item.Name))
                    write(item, place);
                if (depth > 0 && item.PSIsContainer)
                    Children(place, depth == uint.MaxValue ? depth : depth - 1, write);
            }
        };
    });

    /// <summary>Asks the volume something; no, where it cannot answer.</summary>
    private static bool Ask(string path, Func<Volume, string, bool> question)
    {
        if (VolumeDrive.Of(path) is not { } drive)
            return false;
        try
        {
            lock (VolumeRegistry.GateOf(drive.Volume))
                return question(drive.Volume, DrivePath.Inner(path));
        }
        catch (FileSystemException)
        {
            return false; // the cmdlet says that there is no such item
        }
    }

    /// <summary>Works on the volume, alone; what is to be written is written when the volume is free again.</summary>
    private void Work(string path, Func<Volume, Action?> work)
    {
        try
        {
            VolumeDrive drive = Drive(path);
            Action? write;
            lock (VolumeRegistry.GateOf(drive.Volume))
                write = work(drive.Volume);
            write?.Invoke();
        }
        catch (Exception failure) when (ErrorRecords.TryMake(failure, path, out ErrorRecord? record))
        {
            WriteError(record);
        }
    }

    /// <summary>Changes the volume, if the drive can be written and it shall be.</summary>
    private void Change(string path, string action, Func<Volume, string, Action?> work) => Work(path, volume =>
    {
        RequireWritable(path);
        return ShouldProcess(DrivePath.Inner(path), action) ? work(volume, DrivePath.Inner(path)) : null;
    });

    private static void RequireWritable(string path)
    {
        if (Drive(path).IsReadOnly)
            throw new FileSystemException(Errno.EROFS, DrivePath.Inner(path), "the drive is read-only: make it with -ReadWrite");
    }

    private static VolumeDrive Drive(string path) =>
        VolumeDrive.Of(path) ?? throw new FileSystemException(Errno.ENOENT, path, "there is no such drive, or it was removed");
}
