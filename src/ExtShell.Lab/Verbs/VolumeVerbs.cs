using ExtShell.Check;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scenarios;

namespace ExtShell.Lab.Verbs;

/// <summary>What the laboratory adds to a mounted volume.</summary>
public static class VolumeVerbs
{
    extension(Volume volume)
    {
        /// <summary>The volume's write log; running since it was mounted by the laboratory.</summary>
        /// <exception cref="FileSystemException">EINVAL: it was mounted without one.</exception>
        public WriteLog WriteLog => (volume.Device as IRecordedDevice)?.Log
            ?? throw new FileSystemException(Errno.EINVAL, "read the write log", "the volume was mounted without one");

        /// <summary>What callers asked and were told since the log began.</summary>
        /// <exception cref="FileSystemException">EINVAL: it was mounted without a history.</exception>
        public History History => volume.Observer as History
            ?? throw new FileSystemException(Errno.EINVAL, "read the history", "the volume was mounted without one");

        /// <summary>
        /// Cuts the power: the states that the disk can be in at one instant. The volume goes on as if nothing had happened.
        /// </summary>
        /// <param name="cut">The instant as a position of the write log; null for now.</param>
        /// <param name="device">What the device does with writes when the power fails; null for 4 KiB atomic units and a volatile cache as
        /// the device has it.</param>
        public PowerCut Crash(int? cut = null, DeviceModel? device = null) =>
            PowerCut.At(volume.WriteLog, device ?? DefaultModel(volume), cut);

        /// <summary>
        /// Visits every state that the disk can be in at every cut since the log began, recovers each, checks it, and judges it by what
        /// callers were promised.
        /// </summary>
        /// <param name="device">What the device does with writes when the power fails.</param>
        /// <param name="options">How far to go.</param>
        /// <param name="judge">A verifier instead of the ledger.</param>
        public CrashReport SearchCrashStates(DeviceModel? device = null, ExploreOptions? options = null, IStateJudge? judge = null) =>
            new CrashExplorer(volume.WriteLog, device ?? DefaultModel(volume)).Explore(
                judge ?? new Ledger(volume.History, volume.Options), options);

        /// <summary>
        /// Makes a smaller run that breaks the same kind of promise: operations are left out and simplified while it still does.
        /// </summary>
        /// <param name="finding">What <see cref="SearchCrashStates"/> found.</param>
        /// <param name="device">The device model of that search.</param>
        /// <param name="options">How far to go.</param>
        /// <returns>The smallest scenario found; run it again with <see cref="CrashSearch.Explore"/>.</returns>
        public ShrinkResult Shrink(CrashFinding finding, DeviceModel? device = null, ShrinkOptions? options = null)
        {
            var start = new VolumeSpecification { Content = volume.WriteLog.Start };
            Scenario scenario = ScenarioDerivation.Derive(
                volume.History, start, volume.Options, volume.Device.Traits, device ?? DefaultModel(volume));
            scenario = scenario with { IsPersistentMemory = volume.Device is PersistentMemory };
            return CrashSearch.Shrink(scenario, finding.Violation.Kind, options);
        }

        /// <summary>Tells a finding: the calls, what the device did, the cut, what was promised and what is there, byte by byte.</summary>
        /// <param name="finding">What <see cref="SearchCrashStates"/> found.</param>
        public Story Tell(CrashFinding finding) => StoryTeller.Tell(volume.WriteLog, new Ledger(volume.History, volume.Options), finding);

        /// <summary>
        /// Checks the volume. A mounted one is synced first (the sync is a call like any other, and in the write log); then a copy of its
        /// disk is recovered and checked.
        /// </summary>
        public CheckReport Check()
        {
            if (volume.IsMounted && !volume.IsReadOnly)
                volume.Sync();
            IStorage storage = ((IRecordedDevice)volume.Device).Storage.Snapshot();
            if (volume.IsMounted && !volume.IsReadOnly)
            {
                var machine = new Engine.Kernel.Machine();
                Volume.Mount(machine, new SimulatedDisk(machine, storage, default)).Unmount();
            }

            return ImageChecker.Check(new StorageSource(storage));
        }

        /// <summary>
        /// Copies the volume's files, directories and symbolic links into a folder of the host, with the times of their last change and
        /// their permissions, set-ID bits left out.
        /// </summary>
        /// <param name="path">The folder of the host; it is made where there is none.</param>
        /// <param name="copying">Is told each path of the volume before it is copied; what it throws ends the copying.</param>
        /// <returns>How many files and links were written.</returns>
        /// <exception cref="FileSystemException">EINVAL: the host cannot have a file of that name; EEXIST: a symbolic link of the host is
        /// in the way.</exception>
        /// <exception cref="IOException">The host refuses.</exception>
        public int ExportFolder(string path, Action<string>? copying = null) => FolderExport.Write(volume, path, copying);

        /// <summary>
        /// Copies the files, directories and symbolic links of a folder of the host into the volume, buffered, with the times of their last
        /// change and, from hosts that have them, their permissions; owner and group are root.
        /// </summary>
        /// <param name="path">The folder of the host.</param>
        /// <param name="into">The directory of the volume; it is made where there is none.</param>
        /// <param name="copying">Is told each path of the volume before it is copied; what it throws ends the copying.</param>
        /// <returns>How many files and links were written.</returns>
        /// <exception cref="FileSystemException">ENOENT: no such folder; ENOSPC: the volume is full…</exception>
        /// <exception cref="IOException">The host refuses.</exception>
        public int ImportFolder(string path, string into = "/", Action<string>? copying = null) =>
            FolderImport.Read(volume, path, into, copying);
    }

    private static DeviceModel DefaultModel(Volume volume) =>
        new(4096, volume.Options.Barrier, volume.Device.Traits.HasVolatileCache);
}
