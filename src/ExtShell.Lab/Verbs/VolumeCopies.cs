using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Verbs;

/// <summary>What concerns the whole of a volume's storage: remember it, copy it, make it anew.</summary>
public static class VolumeCopies
{
    extension(Volume volume)
    {
        /// <summary>Where the device keeps its content.</summary>
        /// <exception cref="FileSystemException">EINVAL: the device has none of the laboratory's.</exception>
        public IStorage Storage => (volume.Device as IRecordedDevice)?.Storage
            ?? throw new FileSystemException(Errno.EINVAL, "use the storage of a volume", "its device is none of the laboratory's");

        /// <summary>Remembers what the disk holds; a volume that can be written is synced first.</summary>
        /// <param name="name">A name for people.</param>
        public VolumeCheckpoint Checkpoint(string name = "") => new(volume, volume.Settled(), name);

        /// <summary>
        /// Copies the volume and mounts the copy, as the volume is mounted; a volume that can be written is synced first.
        /// </summary>
        /// <param name="path">The image file to make, replacing what was there; null for memory, where nothing is copied until it is
        /// written.</param>
        /// <exception cref="IOException">The host refuses the file.</exception>
        public Volume Copy(string? path = null)
        {
            IStorage content = volume.Settled();
            MountOptions mount = volume.Options with { Observer = null, ReadOnly = false };
            if (path is null)
                return Laboratory.Mount(content, mount, volume.Device.Traits);
            ImageFile image = ImageFile.Create(path, content.LengthBytes);
            try
            {
                VolumeCheckpoint.Copy(content, image);
                return Laboratory.Mount(image, mount, volume.Device.Traits);
            }
            catch (Exception failure) when (failure is FileSystemException or CorruptionException)
            {
                image.Dispose();
                throw;
            }
        }

        /// <summary>Drops the volume and makes a new file system on its storage; everything on it is lost.</summary>
        /// <param name="make">What to make; its size is that of the storage unless it says another.</param>
        /// <param name="mount">How to mount it; null for as it was.</param>
        /// <returns>The new volume, mounted.</returns>
        /// <exception cref="FileSystemException">EINVAL, ENOSPC: no such volume can be; EROFS: the image was opened read-only.</exception>
        public Volume Format(VolumeMakeOptions make, MountOptions? mount = null)
        {
            IStorage storage = volume.Storage;
            volume.Discard();
            VolumeMaker.Make(storage, make with { SizeBytes = make.SizeBytes ?? storage.LengthBytes });
            return Laboratory.Mount(storage, mount ?? volume.Options with { Observer = null }, volume.Device.Traits);
        }

        /// <summary>Ends the volume without writing anything more to its storage.</summary>
        public void Discard()
        {
            if (!volume.IsMounted)
                return;
            if (!volume.IsShutDown)
                volume.Shutdown(ShutdownKind.NoLogFlush);
            volume.Unmount();
        }

        private IStorage Settled()
        {
            if (volume.IsMounted && !volume.IsReadOnly)
                volume.Sync();
            return volume.Storage.Snapshot();
        }
    }
}
