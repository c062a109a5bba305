using System.Globalization;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Journal;
using ExtShell.TestTools;

namespace ExtShell.Conformance.Tests.Journal;

/// <summary>An image file in memory, and where debugfs says that its journal is.</summary>
internal static class JournalOfImage
{
    public static PagedMemory Load(string path) => PagedMemory.Of(File.ReadAllBytes(path));

    public static void Save(IStorage storage, string path)
    {
        using FileStream file = File.Create(path);
        var block = new byte[1 << 16];
        for (long offset = 0; offset < storage.LengthBytes; offset += block.Length)
        {
            int length = (int)Math.Min(block.Length, storage.LengthBytes - offset);
            storage.Read(offset, block.AsSpan(0, length));
            file.Write(block, 0, length);
        }
    }

    public static JournalGeometry GeometryOf(string path)
    {
        string superBlock = ExternalTool.RunOrThrow("dumpe2fs", "-h", path);
        int blockSize = int.Parse(Field(superBlock, "Block size:"), CultureInfo.InvariantCulture);
        long volumeBlocks = long.Parse(Field(superBlock, "Block count:"), CultureInfo.InvariantCulture);
        int journalBlocks = int.Parse(Field(superBlock, "Total journal blocks:"), CultureInfo.InvariantCulture);
        string commands = Path.GetTempFileName();
        File.WriteAllLines(commands, Enumerable.Range(0, journalBlocks).Select(block => $"bmap <8> {block}"));
        string answers = ExternalTool.RunOrThrow("debugfs", "-f", commands, path);
        File.Delete(commands);
        var runs = new List<JournalRun>();
        long next = -1;
        uint logical = 0;
        foreach (string line in answers.Split('\n').Where(line => line.Length > 0 && char.IsDigit(line[0])))
        {
            long physical = long.Parse(line.Trim(), CultureInfo.InvariantCulture);
            if (physical == next)
                runs[^1] = runs[^1] with { LengthBlocks = runs[^1].LengthBlocks + 1 };
            else
                runs.Add(new JournalRun(logical, physical, 1));
            next = physical + 1;
            logical++;
        }

        return new JournalGeometry(blockSize, volumeBlocks, runs);
    }

    private static string Field(string text, string name) =>
        text.Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Trim();
}
