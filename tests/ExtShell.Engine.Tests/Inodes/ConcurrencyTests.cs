using ExtShell.Engine.Inodes;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.Inodes;

/// <summary>Threads that work on the same names in every order that a seed picks: nothing deadlocks, and e2fsck finds nothing.</summary>
public sealed class ConcurrencyTests
{
    private const int ThreadCount = 4;
    private const int StepCount = 25;

    private static readonly string[] Paths = ["/a", "/b", "/d", "/e", "/d/a", "/d/b", "/e/a", "/d/d", "/d/d/a", "/e/d"];

    private static readonly Errno[] Expected =
        [Errno.ENOENT, Errno.EEXIST, Errno.ENOTDIR, Errno.EISDIR, Errno.ENOTEMPTY, Errno.EPERM, Errno.EINVAL];

    private sealed class RandomStrategy(int seed) : IScheduleStrategy
    {
        private readonly Random _random = new(seed);

        public int Pick(Machine machine, ReadOnlySpan<Choice> choices) => _random.Next(choices.Length);
    }

    [RequiresToolFact("mkfs.ext4", "e2fsck")]
    public void Operations_of_many_threads_leave_a_sound_volume_in_any_order()
    {
        byte[] image = TestVolume.MakeImage("8M", "-b", "1024", "-J", "size=1");
        for (int seed = 0; seed < 40; seed++)
        {
            var volume = new TestVolume(image, usesJournal: true, new RandomStrategy(seed));
            int running = ThreadCount;
            var done = new WaitCondition(volume.Machine, WaitKind.Event, "the threads to end", () => running == 0);
            for (int i = 0; i < ThreadCount; i++)
            {
                var random = new Random((seed * ThreadCount) + i);
                volume.Machine.Spawn($"worker {i}", async () =>
                {
                    for (int step = 0; step < StepCount; step++)
                        await StepAsync(volume, random);
                    running--;
                });
            }

            volume.Run(async () => await done.WaitAsync());
            Assert.True(volume.Inodes.Orphans.IsEmpty);
            TestVolume.AssertClean(volume.Unmount());
        }
    }

    private static async ValueTask StepAsync(TestVolume volume, Random random)
    {
        string path = Paths[random.Next(Paths.Length)];
        string other = Paths[random.Next(Paths.Length)];
        try
        {
            switch (random.Next(8))
            {
                case 0 or 1:
                    (Inode made, _) = await volume.Names.CreateAsync(path, TestVolume.File);
                    await ResizeAsync(volume, made, random.Next(100_000));
                    await volume.Inodes.ReleaseAsync(made);
                    break;
                case 2:
                    await volume.Names.MakeDirectoryAsync(path, TestVolume.Folder);
                    break;
                case 3:
                    await volume.Names.UnlinkAsync(path);
                    break;
                case 4:
                    await volume.Names.RemoveDirectoryAsync(path);
                    break;
                case 5:
                    await volume.Names.LinkAsync(path, other);
                    break;
                case 6:
                    await volume.Names.RenameAsync(path, other);
                    break;
                default:
                    Inode held = volume.Names.Resolve(path);
                    await volume.Machine.Yield("while an inode is held");
                    if (held.IsRegular)
                        await ResizeAsync(volume, held, random.Next(100_000));
                    await volume.Inodes.ReleaseAsync(held);
                    break;
            }
        }
        catch (FileSystemException failure) when (Expected.Contains(failure.Errno))
        {
        }
    }

    private static async ValueTask ResizeAsync(TestVolume volume, Inode inode, long size)
    {
        await inode.Lock.LockExclusiveAsync();
        await volume.Inodes.Truncation.TruncateAsync(inode, size);
        inode.Lock.UnlockExclusive();
    }
}
