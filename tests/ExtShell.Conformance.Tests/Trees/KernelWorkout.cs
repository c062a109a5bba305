using ExtShell.Conformance.Tests.Kernel;

namespace ExtShell.Conformance.Tests.Trees;

/// <summary>
/// Fills a mounted volume with a seeded mix of everything that makes trees differ: names, sizes, holes, unwritten blocks, links.
/// </summary>
/// <param name="folder">Where the volume is mounted.</param>
/// <param name="seed">The same seed does the same things.</param>
/// <param name="canPreallocate">Whether files have extents, which fallocate needs.</param>
/// <param name="largestAttributeBytes">No value of an attribute is longer; three must fit into a block.</param>
internal sealed class KernelWorkout(string folder, int seed, bool canPreallocate = true, int largestAttributeBytes = 800)
{
    private readonly Random _random = new(seed);
    private readonly List<string> _files = [];
    private readonly List<string> _directories = [folder];
    private int _next;

    /// <summary>Does so many things.</summary>
    public void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
            DoOne();
    }

    private void DoOne()
    {
        switch (_random.Next(13))
        {
            case 0:
                _directories.Add(Directory.CreateDirectory(NewPath()).FullName);
                break;
            case 1 or 2 or 3:
                _files.Add(NewPath());
                File.WriteAllBytes(_files[^1], Bytes(_random.Next(60_000)));
                break;
            case 4 when _files.Count > 0:
                WriteAnywhere();
                break;
            case 5 when _files.Count > 0 && canPreallocate:
                Change(file => file.Fallocate(4096L * _random.Next(64), 4096L * _random.Next(1, 64)));
                break;
            case 6 when _files.Count > 0:
                Change(file => file.Truncate(_random.Next(400_000)));
                break;
            case 7 when _files.Count > 0:
                string linked = NewPath();
                ExtShell.TestTools.ExternalTool.RunOrThrow("ln", Pick(_files), linked);
                _files.Add(linked);
                break;
            case 8:
                File.CreateSymbolicLink(NewPath(), new string('t', _random.Next(1, 200)));
                break;
            case 9 when _files.Count > 0:
                string removed = Pick(_files);
                _files.Remove(removed);
                File.Delete(removed);
                break;
            case 10 when _files.Count > 0:
                LinuxCalls.ChangeMode(Pick(_files), _random.Next(0x1000));
                break;
            case 12 when _files.Count > 0:
                LinuxCalls.SetAttribute(Pick(_files), $"user.name{_random.Next(3)}", Bytes(_random.Next(largestAttributeBytes)));
                break;
            case 11 when _files.Count > 0:
                string from = Pick(_files);
                _files.Remove(from);
                _files.Add(NewPath());
                File.Move(from, _files[^1]);
                break;
        }
    }

    private void WriteAnywhere() => Change(file => file.Write(_random.Next(500_000), Bytes(_random.Next(1, 20_000))));

    private void Change(Action<AlignedFile> change)
    {
        using var file = new AlignedFile(Pick(_files));
        change(file);
    }

    private string NewPath() =>
        Path.Combine(Pick(_directories), $"{(char)('a' + _random.Next(26))}{_next++}{new string('n', _random.Next(40))}");

    private string Pick(List<string> list) => list[_random.Next(list.Count)];

    private byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        _random.NextBytes(bytes);
        return bytes;
    }
}
