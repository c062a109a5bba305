using System.Globalization;
using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;

namespace ExtShell.Lab.Scenarios;

/// <summary>Makes a scenario of the calls that were recorded in a session, so that it can be run again, and made smaller.</summary>
/// <remarks>
/// (1) A handle is named after its number and a started write after its call, so that a name means one thing all through.
/// (2) Calls made before the log began are set-up; those made since are the threads', one for each thread that made any. A run syncs at the
/// end of its set-up, so a sync that ended the session's is left out.
/// </remarks>
public static class ScenarioDerivation
{
    /// <summary>Makes the scenario.</summary>
    /// <param name="history">The calls.</param>
    /// <param name="volume">The volume that the first recorded call met.</param>
    /// <param name="mount">How it was mounted.</param>
    /// <param name="traits">What the device said of itself.</param>
    /// <param name="device">What the device does at a cut.</param>
    public static Scenario Derive(History history, VolumeSpecification volume, MountOptions mount, DeviceTraits traits, DeviceModel device)
    {
        var setup = new List<Operation>();
        var threads = new SortedDictionary<int, List<Operation>>();
        foreach (RecordedCall call in history.Calls)
        {
            if (Of(call) is not { } operation)
                continue;
            if (call.Id <= history.SetupCalls) // (2)
            {
                if (call.Id < history.SetupCalls || operation.Verb != Verb.Sync)
                    setup.Add(operation);
                continue;
            }

            if (!threads.TryGetValue(call.Operation.Thread, out List<Operation>? thread))
                threads.Add(call.Operation.Thread, thread = []);
            thread.Add(operation);
        }

        return new Scenario
        {
            Name = "session",
            Volume = volume,
            Mount = mount with { Observer = null },
            Traits = traits,
            Device = device,
            Setup = setup,
            Threads = [.. threads.Values],
        };
    }

    /// <summary>The operation that makes the call again; null for what a scenario does not make.</summary>
    private static Operation? Of(RecordedCall call)
    {
        OperationCall made = call.Operation;
        string file = FileName(made.Handle);
        string path = made.Path ?? "";
        Payload Written() => Payload.Of(made.Bytes.Span);
        switch (made.Kind)
        {
            case OperationKind.Create:
                return Operation.Create(FileName(call.Result), path);
            case OperationKind.Open:
                return Operation.Open(FileName(call.Result), path, made.OpenOptions) with { Caller = made.Caller };
            case OperationKind.Close:
                return Operation.Close(file);
            case OperationKind.Mkdir:
                return Operation.Mkdir(path);
            case OperationKind.Rmdir:
                return Operation.Rmdir(path);
            case OperationKind.Link:
                return Operation.Link(path, made.NewPath ?? "");
            case OperationKind.Unlink:
                return Operation.Unlink(path);
            case OperationKind.Rename:
                return Operation.Rename(path, made.NewPath ?? "");
            case OperationKind.Symlink:
                return Operation.Symlink(made.LinkTarget ?? "", path);
            case OperationKind.Mknod:
                return Operation.Mknod(path, made.Permissions, made.Device);
            case OperationKind.SetXattr:
                return Operation.SetXattr(
                    path, made.AttributeName ?? "", made.Bytes.Length, Written()) with { StaysOnLink = !made.FollowsLink };
            case OperationKind.RemoveXattr:
                return Operation.RemoveXattr(path, made.AttributeName ?? "") with { StaysOnLink = !made.FollowsLink };
            case OperationKind.Chmod:
                return Operation.Chmod(path, made.Permissions);
            case OperationKind.Chown:
                return Operation.Chown(path, made.Owner, made.Group) with { StaysOnLink = !made.FollowsLink };
            case OperationKind.SetTimes:
                return Operation.Utimes(path, made.Accessed, made.Modified) with { StaysOnLink = !made.FollowsLink };
            case OperationKind.Chattr:
                return Operation.Chattr(path, made.AddedFlags, made.RemovedFlags);
            case OperationKind.Stat:
                return Operation.Stat(path);
            case OperationKind.WriteDirect:
                return Operation.WriteDirect(
                    file, made.OffsetBytes, made.Bytes.Length, Written(), made.Sync) with { NoWait = made.IsNoWait };
            case OperationKind.StartDirect:
                return Operation.StartDirect(
                    IoName(call.Id), file, made.OffsetBytes, made.Bytes.Length, Written(), made.Sync) with { NoWait = made.IsNoWait };
            case OperationKind.WaitDirect:
                return Operation.WaitDirect(IoName(made.StartedCall), file);
            case OperationKind.ReadDirect:
                return Operation.ReadDirect(file, made.OffsetBytes, made.LengthBytes);
            case OperationKind.WriteBuffered:
                return Operation.WriteBuffered(
                    file, made.OffsetBytes, made.Bytes.Length, Written(), made.Sync) with { NoWait = made.IsNoWait };
            case OperationKind.ReadBuffered:
                return Operation.ReadBuffered(file, made.OffsetBytes, made.LengthBytes);
            case OperationKind.Map:
                return Operation.Map(MappingName(call.Result), file, made.OffsetBytes, made.LengthBytes);
            case OperationKind.MapRead:
                return Operation.MapRead(MappingName(made.Mapping), made.OffsetBytes, made.LengthBytes);
            case OperationKind.MapWrite:
                return Operation.MapWrite(MappingName(made.Mapping), made.OffsetBytes, made.Bytes.Length, Written());
            case OperationKind.MapSync:
                return Operation.MapSync(MappingName(made.Mapping), made.OffsetBytes, made.LengthBytes);
            case OperationKind.Unmap:
                return Operation.Unmap(MappingName(made.Mapping));
            case OperationKind.Fallocate:
                return Fallocate(made, file);
            case OperationKind.Truncate:
                return Operation.Truncate(file, made.LengthBytes);
            case OperationKind.SyncFile:
                return Operation.Fsync(file, made.DataOnly);
            case OperationKind.SyncVolume:
                return Operation.SyncVolume();
            case OperationKind.Shutdown:
                return Operation.Shutdown(made.Shutdown);
            case OperationKind.Unmount:
                return new Operation { Verb = Verb.Unmount };
            default:
                return null;
        }
    }

    private static Operation Fallocate(in OperationCall made, string file) => made.FallocateMode switch
    {
        FallocateMode.PunchHole => Operation.PunchHole(file, made.OffsetBytes, made.LengthBytes),
        FallocateMode.ZeroRange => Operation.ZeroRange(file, made.OffsetBytes, made.LengthBytes, made.KeepSize),
        FallocateMode.CollapseRange => Operation.CollapseRange(file, made.OffsetBytes, made.LengthBytes),
        FallocateMode.InsertRange => Operation.InsertRange(file, made.OffsetBytes, made.LengthBytes),
        _ => Operation.Fallocate(file, made.OffsetBytes, made.LengthBytes, made.KeepSize),
    };

    private static string FileName(long handle) => string.Create(CultureInfo.InvariantCulture, $"f{handle}"); // (1)

    private static string MappingName(long mapping) => string.Create(CultureInfo.InvariantCulture, $"m{mapping}"); // (1)

    private static string IoName(int call) => string.Create(CultureInfo.InvariantCulture, $"io{call}"); // (1)
}
