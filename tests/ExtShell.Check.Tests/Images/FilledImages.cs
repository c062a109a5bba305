using System.Collections.Concurrent;
using System.Globalization;
using ExtShell.TestTools;

namespace ExtShell.Check.Tests.Images;

/// <summary>Volumes that the kernel has filled, made once for all tests of a run.</summary>
public static class FilledImages
{
    private const int NamesCount = 250;
    private static readonly ConcurrentDictionary<string, Lazy<byte[]>> Made = new();

    /// <summary>A copy of the variant's image, after an unmount.</summary>
    public static byte[] Get(string variant) => (byte[])Made.GetOrAdd(variant, name => new Lazy<byte[]>(() => Make(name))).Value.Clone();

    /// <summary>The variant without files.</summary>
    public static byte[] GetEmpty(string variant)
    {
        using var folder = TemporaryFolder.InMemory();
        string path = folder.File("image");
        ReferenceImage.Make(path, ImageVariant.All[variant].Size, ImageVariant.All[variant].Options);
        return File.ReadAllBytes(path);
    }

    /// <summary>Lets the kernel work on a copy of the image; answers the image after the unmount.</summary>
    public static byte[] Change(byte[] image, Action<string> work)
    {
        using var folder = TemporaryFolder.InMemory();
        string path = folder.File("image");
        File.WriteAllBytes(path, image);
        ReferenceImage.FillByKernel(path, "", work);
        return File.ReadAllBytes(path);
    }

    private static byte[] Make(string variant) => Change(GetEmpty(variant), Fill);

    private static void Fill(string root)
    {
        string In(string name) => Path.Combine(root, name);
        Directory.CreateDirectory(In("d1/d2/d3"));
        Directory.CreateDirectory(In("many"));
        for (int i = 0; i < NamesCount; i++)
            File.WriteAllText(In($"many/some-file-name-number-{i}"), i.ToString(CultureInfo.InvariantCulture));
        for (int i = 0; i < NamesCount; i += 3)
            File.Delete(In($"many/some-file-name-number-{i}"));
        WriteSparse(In("sparse"), 100, 2 * 4096);
        WriteSparse(In("sparser"), 40, 37 * 2048);
        File.WriteAllBytes(In("whole"), [.. Enumerable.Repeat((byte)7, 300_000)]);
        File.WriteAllBytes(In("empty"), []);
        File.CreateSymbolicLink(In("d1/short"), "target");
        File.CreateSymbolicLink(In("d1/long"), new string('x', 200));
        Run("ln", In("whole"), In("d1/hard"));
        Run("mknod", In("d1/c"), "c", "5", "1");
        Run("mknod", In("d1/b"), "b", "7", "300");
        Run("mkfifo", In("d1/p"));
        Run("setfattr", "-n", "user.small", "-v", "hello", In("whole"));
        Run("setfattr", "-n", "user.big", "-v", new string('y', 700), In("d1/d2"));
        Run("setfattr", "-n", "user.big", "-v", new string('y', 700), In("d1/d2/d3"));
        File.Delete(In("whole"));
        Directory.Move(In("d1/d2"), In("d1/e2"));
    }

    private static void WriteSparse(string path, int blocks, int strideBytes)
    {
        using FileStream file = File.Create(path);
        byte[] block = new byte[1024];
        for (int i = 0; i < blocks; i++)
        {
            block.AsSpan().Fill((byte)(i + 1));
            file.Position = (long)i * strideBytes;
            file.Write(block);
        }
    }

    private static void Run(string tool, params string[] arguments) => ExternalTool.RunOrThrow(tool, arguments);
}
