using System.Diagnostics;
using System.Globalization;
using ExtShell.Engine.Devices;
using ExtShell.Engine.IO;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Engine.Volumes.Making;
using ExtShell.Format.Errors;
using ExtShell.TestTools;

namespace ExtShell.Conformance.Tests.Kernel;

/// <summary>
/// The same random program of loads, stores, writes, truncates, punches and msyncs, done to one file by the kernel and by the engine, gives
/// the same bytes and the same SIGBUS, access by access. The kernel's side is a small C program, since a signal is no exception there.
/// </summary>
public sealed class MappedFileAgainstKernelTests
{
    private const int MappedBytes = 65_536;
    private const int PageBytes = 4_096;

    private const string Program = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <setjmp.h>
        #include <signal.h>
        #include <stdio.h>
        #include <string.h>
        #include <sys/mman.h>
        #include <unistd.h>
        static sigjmp_buf before;
        static void caught(int number) { siglongjmp(before, number); }
        static void show(const unsigned char *bytes, long length)
        {
            unsigned hash = 2166136261u;
            for (long i = 0; i < length; i++) hash = (hash ^ bytes[i]) * 16777619u;
            printf("%ld %u\n", length, hash);
        }
        int main(int count, char **names)
        {
            static unsigned char copy[65536];
            int file = open(names[1], O_RDWR | O_CREAT, 0600);
            unsigned char *map = mmap(0, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
            signal(SIGBUS, caught);
            char verb; long at, length; int value;
            while (scanf(" %c %ld %ld %d", &verb, &at, &length, &value) == 4) {
                if (sigsetjmp(before, 1)) { puts("SIGBUS"); continue; }
                switch (verb) {
                    case 'l': memcpy(copy, map + at, length); show(copy, length); break;
                    case 's': memset(map + at, value, length); puts("ok"); break;
                    case 'm': puts(msync(map + at, length, MS_SYNC) == 0 ? "ok" : "failed"); break;
                    case 'w': memset(copy, value, length); puts(pwrite(file, copy, length, at) == length ? "ok" : "failed"); break;
                    case 't': puts(ftruncate(file, at) == 0 ? "ok" : "failed"); break;
                    case 'p': puts(fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at, length) == 0 ? "ok" : "failed"); break;
                    default: show(copy, pread(file, copy, length, at)); break;
                }
            }
            return 0;
        }
        """;

    [RequiresKernelMountTheory("gcc", "mkfs.ext4")]
    [InlineData(1024)]
    [InlineData(4096)]
    public void MappingsShowTheSameBytesAndTheSameSignals(int blockSizeBytes)
    {
        using var folder = new TemporaryFolder();
        string source = Path.Combine(folder.Path, "program.c");
        string program = Path.Combine(folder.Path, "program");
        File.WriteAllText(source, Program);
        ExternalTool.RunOrThrow("gcc", "-O1", "-o", program, source);
        string image = Path.Combine(folder.Path, "image");
        ExternalTool.RunOrThrow("mkfs.ext4", "-q", "-b", blockSizeBytes.ToString(CultureInfo.InvariantCulture), image, "32M");
        using LoopMount mount = LoopMount.Of(image);
        int signals = 0;
        for (int seed = 0; seed < 12; seed++)
        {
            List<(char Verb, long At, long Length, int Value)> operations = Make(new Random(seed));
            string[] kernel = RunKernel(program, mount.Path($"f{seed}"), operations);
            string[] engine = RunEngine(blockSizeBytes, operations);
            Assert.Equal(operations.Count, kernel.Length);
            Assert.DoesNotContain("failed", kernel);
            signals += kernel.Count(static line => line == "SIGBUS");
            for (int i = 0; i < operations.Count; i++)
                Assert.True(kernel[i] == engine[i], $"seed {seed}, {i}: {operations[i]}: kernel {kernel[i]}, engine {engine[i]}");
        }

        Assert.True(signals > 100, $"{signals} signals");
    }

    /// <summary>Stores past the end are synced before the file can grow: older kernels leave them there.</summary>
    private static List<(char Verb, long At, long Length, int Value)> Make(Random random)
    {
        var operations = new List<(char, long, long, int)>();
        long size = 0;
        for (int i = 0; i < 150; i++)
        {
            long at = random.Next(MappedBytes - 9_000);
            long length = 1 + random.Next(9_000);
            switch (random.Next(8))
            {
                case 0 or 1:
                    at = size > 0 && random.Next(4) > 0 ? random.NextInt64(size) : at;
                    length = Math.Min(length, PageBytes - (at % PageBytes));
                    operations.Add(('s', at, length, 1 + random.Next(255)));
                    if (at + length > size)
                    {
                        operations.Add(('l', at, length, 0));
                        operations.Add(('m', at / PageBytes * PageBytes, PageBytes, 0));
                    }

                    break;
                case 2:
                    operations.Add(('w', at, length, 1 + random.Next(255)));
                    size = Math.Max(size, at + length);
                    break;
                case 3:
                    size = random.Next(2) == 0 ? at : random.NextInt64(size + 1);
                    operations.Add(('t', size, 0, 0));
                    break;
                case 4:
                    operations.Add(('p', at, length, 0));
                    break;
                case 5:
                    operations.Add(('m', at / PageBytes * PageBytes, length, 0));
                    break;
                default:
                    operations.Add((random.Next(2) == 0 ? 'l' : 'r', at, length, 0));
                    break;
            }
        }

        return operations;
    }

    private static string[] RunKernel(string program, string file, List<(char Verb, long At, long Length, int Value)> operations)
    {
        var start = new ProcessStartInfo(program, file) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        foreach ((char verb, long at, long length, int value) in operations)
            process.StandardInput.WriteLine(FormattableString.Invariant($"{verb} {at} {length} {value}"));
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string[] RunEngine(int blockSizeBytes, List<(char Verb, long At, long Length, int Value)> operations)
    {
        var storage = new PagedMemory(32 << 20);
        VolumeMaker.Make(storage, new VolumeMakeOptions { BlockSizeBytes = blockSizeBytes });
        var machine = new Machine();
        using Volume volume = Volume.Mount(machine, new SimulatedDisk(machine, storage, new DeviceTraits(HasVolatileCache: true)));
        using FileHandle file = volume.Create("/f");
        FileMapping mapping = file.Map(0, MappedBytes);
        return [.. operations.Select(operation => Do(file, mapping, operation))];
    }

    private static string Do(FileHandle file, FileMapping mapping, (char Verb, long At, long Length, int Value) operation)
    {
        (char verb, long at, long length, int value) = operation;
        try
        {
            switch (verb)
            {
                case 'l':
                    return Show(mapping.Read(at, (int)length));
                case 's':
                    mapping.Write(at, Enumerable.Repeat((byte)value, (int)length).ToArray());
                    break;
                case 'm':
                    mapping.Sync(at, length);
                    break;
                case 'w':
                    file.WriteBuffered(at, Enumerable.Repeat((byte)value, (int)length).ToArray());
                    break;
                case 't':
                    file.Truncate(at);
                    break;
                case 'p':
                    file.Fallocate(at, length, FallocateMode.PunchHole, keepSize: true);
                    break;
                default:
                    return Show(file.ReadBuffered(at, (int)length));
            }

            return "ok";
        }
        catch (FileSystemException signal) when (signal.Errno == Errno.EFAULT)
        {
            return "SIGBUS";
        }
    }

    private static string Show(byte[] bytes)
    {
        uint hash = 2166136261;
        foreach (byte value in bytes)
            hash = (hash ^ value) * 16777619;
        return FormattableString.Invariant($"{bytes.Length} {hash}");
    }
}
