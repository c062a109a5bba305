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
        return made.Kind switch
        {
            OperationKind.Create => Operation.Create(FileName(call.Result), path),
            OperationKind.Open => Operation.Open(FileName(call.Result), path, made.OpenOptions) with { Caller = made.Caller },
            OperationKind.Close => Operation.Close(file),
            OperationKind.Mkdir => Operation.Mkdir(path),
            OperationKind.Rmdir => Operation.Rmdir(path),
            OperationKind.Link => Operation.Link(path, made.NewPath ?? ""),
            OperationKind.Unlink => Operation.Unlink(path),
            OperationKind.Rename => Operation.Rename(path, made.NewPath ?? ""),
            OperationKind.Symlink => Operation.Symlink(made.LinkTarget ?? "", path),
            OperationKind.Mknod => Operation.Mknod(path, made.Permissions, made.Device),
            OperationKind.SetXattr =>
                Operation.SetXattr(path, made.AttributeName ?? "", made.Bytes.Length, Written()) with { StaysOnLink = !made.FollowsLink },
            OperationKind.RemoveXattr => Operation.RemoveXattr(path, made.AttributeName ?? "") with { StaysOnLink = !made.FollowsLink },
            OperationKind.Chmod => Operation.Chmod(path, made.Permissions),
            OperationKind.Chown => Operation.Chown(path, made.Owner, made.Group) with { StaysOnLink = !made.FollowsLink },
            OperationKind.SetTimes => Operation.Utimes(path, made.Accessed, made.Modified) with { StaysOnLink = !made.FollowsLink },
            OperationKind.Chattr => Operation.Chattr(path, made.AddedFlags, made.RemovedFlags),
            OperationKind.Stat => Operation.Stat(path),
            OperationKind.WriteDirect =>
                Operation.WriteDirect(file, made.OffsetBytes, made.Bytes.Length, Written(), made.Sync) with { NoWait = made.IsNoWait },
            OperationKind.StartDirect =>
                Operation.StartDirect(IoName(call.Id), file, made.OffsetBytes, made.Bytes.Length, Written(), made.Sync)
                    with { NoWait = made.IsNoWait },
            OperationKind.WaitDirect => Operation.WaitDirect(IoName(made.StartedCall), file),
            OperationKind.ReadDirect => Operation.ReadDirect(file, made.OffsetBytes, made.LengthBytes),
            OperationKind.WriteBuffered =>
                Operation.WriteBuffered(file, made.OffsetBytes, made.Bytes.Length, Written(), made.Sync) with { NoWait = made.IsNoWait },
            OperationKind.ReadBuffered => Operation.ReadBuffered(file, made.OffsetBytes, made.LengthBytes),
            OperationKind.Map => Operation.Map(MappingName(call.Result), file, made.OffsetBytes, made.LengthBytes),
            OperationKind.MapRead => Operation.MapRead(MappingName(made.Mapping), made.OffsetBytes, made.LengthBytes),
            OperationKind.MapWrite => Operation.MapWrite(MappingName(made.Mapping), made.OffsetBytes, made.Bytes.Length, Written()),
            OperationKind.MapSync => Operation.MapSync(MappingName(made.Mapping), made.OffsetBytes, made.LengthBytes),
            OperationKind.Unmap => Operation.Unmap(MappingName(made.Mapping)),
            OperationKind.Fallocate => Fallocate(made, file),
            OperationKind.Truncate => Operation.Truncate(file, made.LengthBytes),
            OperationKind.SyncFile => Operation.Fsync(file, made.DataOnly),
            OperationKind.SyncVolume => Operation.SyncVolume(),
            OperationKind.Shutdown => Operation.Shutdown(made.Shutdown),
            OperationKind.Unmount => new Operation { Verb = Verb.Unmount },
            _ => null,
        };
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
