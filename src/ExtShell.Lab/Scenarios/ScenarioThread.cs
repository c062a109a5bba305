using System.Text;
using ExtShell.Engine.IO;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Scenarios;

/// <summary>
/// Makes the calls of one thread of a scenario. Errors of calls are the history's; the thread goes on with its next operation.
/// </summary>
/// <remarks>
/// (1) What refers to a file or a write that never came to be is left out, so that a scenario stays one when operations are taken out of
/// it.
/// </remarks>
internal sealed class ScenarioThread(ScenarioMachine machine, IReadOnlyList<Operation> operations)
{
    private const int MostFactsBytes = 512;

    public async ValueTask RunAsync()
    {
        foreach (Operation operation in operations)
            await RunAsync(operation);
    }

    public async ValueTask RunAsync(Operation operation)
    {
        int callsBefore = machine.History.Calls.Count;
        int thread = machine.Machine.Current?.Id ?? -1;
        try
        {
            if (operation.Verb == Verb.Mount)
                await machine.RemountAsync();
            else if (machine.Volume.IsMounted)
                await RunMountedAsync(operation);
        }
        catch (FileSystemException)
        {
            // the history has it
        }

        if (operation.Expected.Length > 0)
            machine.Promises?.Note(operation, thread, callsBefore);
    }

    private ValueTask RunMountedAsync(Operation operation)
    {
        if (operation.File.Length > 0)
            return RunOnFileAsync(operation);
        return operation.Mapping.Length > 0 ? RunOnMappingAsync(operation) : RunOnVolumeAsync(operation);
    }

    private async ValueTask RunOnVolumeAsync(Operation operation)
    {
        Volume volume = machine.Volume;
        switch (operation.Verb)
        {
            case Verb.Mkdir:
                await volume.MkdirAsync(operation.Path);
                break;
            case Verb.Rmdir:
                await volume.RmdirAsync(operation.Path);
                break;
            case Verb.Link:
                await volume.LinkAsync(operation.Path, operation.NewPath);
                break;
            case Verb.Unlink:
                await volume.UnlinkAsync(operation.Path);
                break;
            case Verb.Rename:
                await volume.RenameAsync(operation.Path, operation.NewPath);
                break;
            case Verb.Symlink:
                await volume.SymlinkAsync(operation.LinkTarget, operation.Path);
                break;
            case Verb.Mknod:
                await volume.MknodAsync(operation.Path, operation.Permissions, operation.Device);
                break;
            default:
                await RunOnAttributesAsync(operation);
                break;
        }
    }

    private async ValueTask RunOnAttributesAsync(Operation operation)
    {
        Volume volume = machine.Volume;
        bool follows = !operation.StaysOnLink;
        switch (operation.Verb)
        {
            case Verb.SetXattr:
                await volume.SetXattrAsync(
                    operation.Path, operation.AttributeName, machine.Memory.WrittenBy(operation), followsLink: follows);
                break;
            case Verb.RemoveXattr:
                await volume.RemoveXattrAsync(operation.Path, operation.AttributeName, follows);
                break;
            case Verb.Chmod:
                await volume.ChmodAsync(operation.Path, operation.Permissions);
                break;
            case Verb.Chown:
                await volume.ChownAsync(operation.Path, operation.Owner, operation.Group, follows);
                break;
            case Verb.Utimes:
                await volume.SetTimesAsync(operation.Path, operation.Accessed, operation.Modified, follows);
                break;
            case Verb.Chattr:
                await volume.ChattrAsync(operation.Path, operation.AddedFlags, operation.RemovedFlags);
                break;
            case Verb.Stat:
                await StatAsync(operation.Path);
                break;
            default:
                await RunOnWholeAsync(operation);
                break;
        }
    }

    private async ValueTask RunOnWholeAsync(Operation operation)
    {
        Volume volume = machine.Volume;
        switch (operation.Verb)
        {
            case Verb.Sync:
                await volume.SyncAsync();
                break;
            case Verb.WriteBack:
                await volume.WriteBackAsync();
                break;
            case Verb.Commit:
                await volume.CommitAsync();
                break;
            case Verb.Inject:
                machine.Inject(operation.Injection!);
                break;
            case Verb.DropCaches:
                volume.DropCaches();
                break;
            case Verb.Shutdown:
                await volume.ShutdownAsync(operation.ShutdownKind);
                break;
            case Verb.Unmount:
                await volume.UnmountAsync();
                machine.Files.Clear();
                machine.Ios.Clear();
                machine.Mappings.Clear();
                break;
            default:
                throw new InvariantException($"{operation.Verb} is no operation of a volume");
        }
    }

    /// <summary>A stat is told to the history here, as the volume answers it to everybody who looks.</summary>
    private async ValueTask StatAsync(string path)
    {
        var facts = new byte[MostFactsBytes];
        machine.Machine.Touch(SharedState.History, AccessKind.Read);
        int call = machine.History.OnCall(new OperationCall
        {
            Kind = OperationKind.Stat, Path = path, Thread = machine.Machine.Current?.Id ?? -1, Bytes = facts,
        });
        Errno error = Errno.None;
        int length = 0;
        try
        {
            length = Encoding.UTF8.GetBytes(AttributeText.Facts(await machine.Volume.StatAsync(path)), facts);
        }
        catch (FileSystemException failed)
        {
            error = failed.Errno;
        }

        machine.Machine.Touch(SharedState.History, AccessKind.Mark);
        machine.History.OnAcknowledged(call, length, error);
        machine.History.OnReturn(call, length, error);
    }

    private async ValueTask RunOnFileAsync(Operation operation)
    {
        if (operation.Verb == Verb.Create)
            machine.Files[operation.File] = await machine.Volume.CreateAsync(operation.Path);
        else if (operation.Verb == Verb.Open)
            machine.Files[operation.File] = await machine.Volume.OpenAsync(operation.Path, operation.OpenOptions, operation.Caller);
        else if (machine.Files.TryGetValue(operation.File, out FileHandle? file)) // (1)
            await RunAsync(operation, file);
    }

    private static FallocateMode ModeOf(Verb verb) => verb switch
    {
        Verb.PunchHole => FallocateMode.PunchHole,
        Verb.ZeroRange => FallocateMode.ZeroRange,
        Verb.CollapseRange => FallocateMode.CollapseRange,
        Verb.InsertRange => FallocateMode.InsertRange,
        _ => FallocateMode.Allocate,
    };

    private async ValueTask RunOnMappingAsync(Operation operation)
    {
        if (!machine.Mappings.TryGetValue(operation.Mapping, out FileMapping? mapping)) // (1)
            return;
        switch (operation.Verb)
        {
            case Verb.MapRead:
                await mapping.ReadAsync(operation.OffsetBytes, machine.Memory.Take(operation.LengthBytes));
                break;
            case Verb.MapWrite:
                await mapping.WriteAsync(operation.OffsetBytes, machine.Memory.WrittenBy(operation));
                break;
            case Verb.MapSync:
                await mapping.SyncAsync(operation.OffsetBytes, operation.LengthBytes);
                break;
            case Verb.Unmap:
                machine.Mappings.Remove(operation.Mapping, out _);
                await mapping.UnmapAsync();
                break;
            default:
                throw new InvariantException($"{operation.Verb} is no operation of a mapping");
        }
    }

    private async ValueTask RunAsync(Operation operation, FileHandle file)
    {
        byte[] written = machine.Memory.WrittenBy(operation);
        switch (operation.Verb)
        {
            case Verb.Close:
                machine.Files.Remove(operation.File, out _);
                await file.CloseAsync();
                break;
            case Verb.WriteDirect:
                await file.WriteDirectAsync(operation.OffsetBytes, written, operation.Sync, operation.NoWait);
                break;
            case Verb.StartDirect:
                machine.Ios[operation.Io] = await file.StartDirectAsync(operation.OffsetBytes, written, operation.Sync, operation.NoWait);
                break;
            case Verb.WaitDirect:
                if (machine.Ios.Remove(operation.Io, out DirectIo? io)) // (1)
                    await file.WaitDirectAsync(io);
                break;
            case Verb.ReadDirect:
                await file.ReadDirectAsync(operation.OffsetBytes, machine.Memory.Take(operation.LengthBytes));
                break;
            case Verb.WriteBuffered:
                await file.WriteBufferedAsync(operation.OffsetBytes, written, operation.Sync, operation.NoWait);
                break;
            case Verb.ReadBuffered:
                await file.ReadBufferedAsync(operation.OffsetBytes, machine.Memory.Take(operation.LengthBytes));
                break;
            case Verb.Map:
                machine.Mappings[operation.Mapping] = await file.MapAsync(operation.OffsetBytes, operation.LengthBytes);
                break;
            case Verb.Fallocate or Verb.PunchHole or Verb.ZeroRange or Verb.CollapseRange or Verb.InsertRange:
                await file.FallocateAsync(operation.OffsetBytes, operation.LengthBytes, ModeOf(operation.Verb), operation.KeepSize);
                break;
            case Verb.Truncate:
                await file.TruncateAsync(operation.LengthBytes);
                break;
            case Verb.Fsync or Verb.Fdatasync:
                await file.SyncAsync(operation.Verb == Verb.Fdatasync);
                break;
            default:
                throw new InvariantException($"{operation.Verb} is no operation of a file");
        }
    }
}
