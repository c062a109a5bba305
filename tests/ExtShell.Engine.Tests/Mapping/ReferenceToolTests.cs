using ExtShell.Engine.Allocation;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Mapping;
using ExtShell.Engine.Tests.Allocation;
using ExtShell.Format.Layout;
using ExtShell.Format.OnDisk;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.Mapping;

/// <summary>What e2fsck and debugfs say of trees and bitmaps that were changed here, on volumes that mkfs.ext4 made.</summary>
public class ReferenceToolTests
{
    private const int Files = 3;
    private const uint FirstFile = 12;

    [RequiresToolTheory("mkfs.ext4", "e2fsck", "debugfs")]
    [InlineData(1, "40M", "-b", "1024")]
    [InlineData(2, "200M", "-b", "1024", "-E", "lazy_itable_init=1")]
    [InlineData(3, "200M", "-b", "4096")]
    [InlineData(4, "40M", "-b", "2048", "-O", "^64bit")]
    [InlineData(5, "40M", "-b", "1024", "-O", "^metadata_csum,uninit_bg")]
    [InlineData(6, "40M", "-b", "1024", "-O", "^metadata_csum,^flex_bg,^64bit")]
    [InlineData(7, "100M", "-b", "1024", "-O", "^flex_bg")]
    [InlineData(8, "40M", "-b", "1024", "-g", "1024")]
    public void The_checker_is_silent_after_random_changes(int seed, string size, params string[] options)
    {
        using var folder = new TemporaryFolder();
        string image = folder.File("image");
        ReferenceImage.Make(image, size, options);
        MakeFiles(folder, image);
        var volume = new TestVolume(PagedMemory.Of(File.ReadAllBytes(image)));
        StoredFile[] files = [.. Enumerable.Range(0, Files).Select(i => new StoredFile(volume, FirstFile + (uint)i))];
        Change(volume, files, new Random(seed));
        foreach (StoredFile file in files)
            file.StoreSize();
        volume.CheckGroups();
        Save(volume, image);

        ToolResult check = ExternalTool.Run("e2fsck", "-fn", image);
        Assert.True(check.ExitCode == 0, check.Output + check.Errors);
        for (int i = 0; i < Files; i++)
            Assert.Equal(files[i].Map.Enumerate(), ExtentsByDebugfs(image, FirstFile + (uint)i));
    }

    [RequiresToolFact("mkfs.ext4", "e2fsck")]
    public void Inodes_that_were_taken_and_given_back_leave_nothing_to_correct()
    {
        using var folder = new TemporaryFolder();
        string image = folder.File("image");
        ReferenceImage.Make(image, "200M", "-b", "1024", "-i", "65536", "-E", "lazy_itable_init=1");
        var volume = new TestVolume(PagedMemory.Of(File.ReadAllBytes(image)));
        var taken = new List<(uint Inode, bool IsDirectory)>();
        for (int i = 0; i < 2500; i++)
        {
            bool isDirectory = i % 4 == 0;
            InodeMode mode = isDirectory ? InodeMode.Directory : InodeMode.Regular;
            uint parent = i % 7 == 0 || taken.Count == 0 ? InodeNumbers.Root : taken[i * 31 % taken.Count].Inode;
            taken.Add((volume.Do(handle => volume.Context.Inodes.Allocate(handle, parent, mode)), isDirectory));
        }

        Assert.True(taken.Select(one => volume.Geometry.GroupOfInode(one.Inode)).Distinct().Count() > 10);
        foreach ((uint inode, bool isDirectory) in taken)
            volume.Do(handle => volume.Context.Inodes.Free(handle, inode, isDirectory));
        volume.CheckGroups();
        Save(volume, image);
        ToolResult check = ExternalTool.Run("e2fsck", "-fn", image);
        Assert.True(check.ExitCode == 0, check.Output + check.Errors);
    }

    private static void MakeFiles(TemporaryFolder folder, string image)
    {
        string script = folder.File("script");
        File.WriteAllLines(script, Enumerable.Range(0, Files).Select(i => $"write /dev/null file{i}"));
        ExternalTool.RunOrThrow("debugfs", "-w", "-f", script, image);
    }

    private static void Change(TestVolume volume, StoredFile[] files, Random random)
    {
        for (int step = 0; step < 3000; step++)
        {
            StoredFile file = files[random.Next(files.Length)];
            uint at = (uint)random.Next(6000);
            int length = 1 + random.Next(random.Next(50) == 0 ? 3000 : 6);
            BlockMapping now = file.Map.Lookup(at, length);
            switch (random.Next(8))
            {
                case 0:
                    volume.Do(handle => file.Map.Remove(handle, at, at + (uint)length));
                    break;
                case 1 or 2:
                    volume.Do(handle => file.Map.ConvertToWritten(handle, at, length));
                    break;
                case 3:
                    volume.Do(handle => file.Map.SplitAt(handle, at, length));
                    break;
                default:
                    if (!now.IsMapped && volume.Context.Blocks.AvailableTo(AllocationUse.None) > length + 10)
                        volume.Do(handle =>
                            file.Map.Allocate(handle, at, length, step % 2 == 0 ? MappingState.Written : MappingState.Unwritten));
                    break;
            }

            if (random.Next(5) == 0)
                volume.Journal.Commit();
        }

        Assert.Contains(files, file => file.Map.Depth >= 1);
    }

    private static void Save(TestVolume volume, string image)
    {
        volume.WriteBack();
        using FileStream stream = File.Create(image);
        for (long offset = 0; offset < volume.Storage.LengthBytes; offset += 1 << 20)
            stream.Write(volume.Storage.Read(offset, (int)Math.Min(1 << 20, volume.Storage.LengthBytes - offset)));
    }

    /// <summary>The leaves as debugfs lists them: level, entry, logical and physical ranges, length, flags.</summary>
    private static IEnumerable<BlockMapping> ExtentsByDebugfs(string image, uint inode)
    {
        foreach (string line in ExternalTool.RunOrThrow("debugfs", "-R", $"ex -l <{inode}>", image).Split('\n').Skip(1))
        {
            string[] fields = line.Replace("/", " ", StringComparison.Ordinal).Replace("-", " ", StringComparison.Ordinal)
                .Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length < 9)
                continue;
            bool isUnwritten = fields.Length > 9 && fields[9] == "Uninit";
            yield return new BlockMapping(uint.Parse(fields[4]), long.Parse(fields[6]), int.Parse(fields[8]),
                isUnwritten ? MappingState.Unwritten : MappingState.Written);
        }
    }
}
