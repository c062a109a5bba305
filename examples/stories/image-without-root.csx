// An ext4 image, made, filled, edited and read back on any system: no root, no mount, no loop device.

string folder = Directory.CreateTempSubdirectory("extshell-story-").FullName;
string image = Path.Combine(folder, "disk.img");
string tree = Directory.CreateDirectory(Path.Combine(folder, "tree", "etc")).Parent!.FullName;
File.WriteAllText(Path.Combine(tree, "etc", "hostname"), "laboratory\n");
File.WriteAllText(Path.Combine(tree, "readme.txt"), "made without root\n");

Print("-- Make an image as mke2fs -t ext4 does, and copy a folder into it");
Volume volume = NewVolume(image, "64MiB");
int copied = volume.ImportFolder(tree);
Print($"{copied} files and folders copied; {volume}");
volume.Unmount();
Print(CheckImage(image));

Print();
Print("-- Edit it: a file changes, one gets a new name, one is new");
volume = OpenVolume(image);
FileHandle name = volume.Open("/etc/hostname");
name.Truncate(0);
name.WriteBuffered(0, "crash-lab\n"u8.ToArray());
volume.Rename("/readme.txt", "/README");
volume.Mkdir("/var");
FileHandle data = volume.Create("/var/data");
data.Fallocate(0, 1 << 20);
data.WriteDirect(256 << 10, Fill('D', 64 << 10));
Print(Map(data));
volume.Unmount();
CheckReport report = CheckImage(image);
Print(report);

Print();
Print("-- Read it back");
volume = OpenVolume(image, readOnly: true);
foreach (DirectoryItem item in volume.ReadDirectory("/"))
    Print($"   {item.Name}");
string output = Path.Combine(folder, "out");
Print($"{volume.ExportFolder(output)} files and folders copied out");
Print($"/etc/hostname: {File.ReadAllText(Path.Combine(output, "etc", "hostname")).TrimEnd()}");
bool isSame = File.ReadAllText(Path.Combine(output, "etc", "hostname")) == "crash-lab\n"
    && File.ReadAllText(Path.Combine(output, "README")) == "made without root\n"
    && new FileInfo(Path.Combine(output, "var", "data")).Length == 1 << 20;
volume.Unmount();
Directory.Delete(folder, recursive: true);
if (!isSame)
    throw new InvalidOperationException("what comes out is what went in");
return report;
