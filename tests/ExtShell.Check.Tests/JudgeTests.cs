using System.Globalization;
using ExtShell.Check.Tests.Fuzz;
using ExtShell.Check.Tests.Images;
using ExtShell.Format.Errors;
using ExtShell.Format.Sources;
using ExtShell.TestTools;

namespace ExtShell.Check.Tests;

/// <summary>Judging a state against a base says exactly what checking the state whole says.</summary>
public sealed class JudgeTests
{
    private static readonly int StatesCount =
        int.TryParse(Environment.GetEnvironmentVariable("EXTSHELL_CHECK_CASES"), CultureInfo.InvariantCulture, out int cases) ? cases : 60;

    [RequiresKernelMountTheory("mkfs.ext4", "setfattr")]
    [MemberData(nameof(ImageVariant.Names), MemberType = typeof(ImageVariant))]
    public void Damaged_states_are_judged_as_they_are_checked(string variant)
    {
        byte[] clean = FilledImages.Get(variant);
        var checkBase = CheckBase.Build(new MemorySource(clean));
        var targets = new TargetList(clean);
        byte[] state = (byte[])clean.Clone();
        var mutator = new Mutator(targets, state);
        for (int seed = 1; seed <= StatesCount; seed++)
        {
            var random = new Random(seed);
            var changed = new List<ByteRange>();
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                mutator.Mutate(random);
                changed.AddRange(mutator.Changed);
            }

            AssertSame(checkBase, state, changed, $"{variant}, seed {seed}");
            Copy(clean, state, changed);
        }
    }

    [RequiresKernelMountTheory("mkfs.ext4", "setfattr", "fallocate")]
    [InlineData("ext4", 4096)]
    [InlineData("ext4", 512)]
    [InlineData("uninit-1k", 1024)]
    [InlineData("sparse2-orphan-file-1k", 1024)]
    [InlineData("no-flex-no-journal", 512)]
    [InlineData("inline-1k-no-sums", 1024)]
    public void States_between_two_volumes_are_judged_as_they_are_checked(string variant, int unitBytes)
    {
        byte[] before = FilledImages.Get(variant);
        byte[] after = FilledImages.Change(before, Work);
        List<ByteRange> units = DifferingUnits(before, after, unitBytes);
        Assert.NotEmpty(units);
        foreach ((byte[] from, byte[] to) in ((byte[], byte[])[])[(before, after), (after, before)])
        {
            var checkBase = CheckBase.Build(new MemorySource(from));
            byte[] state = (byte[])from.Clone();
            for (int seed = 1; seed <= StatesCount; seed++)
            {
                var random = new Random(seed);
                double share = random.NextDouble();
                ByteRange[] taken = [.. units.Where(_ => random.NextDouble() < share)];
                Copy(to, state, taken);
                AssertSame(checkBase, state, seed % 2 == 0 ? taken : units, $"{variant}, seed {seed}");
                Copy(from, state, taken);
            }

            AssertSame(checkBase, to, units, $"{variant}, all");
        }
    }

    [RequiresKernelMountFact("mkfs.ext4", "setfattr")]
    public void A_damaged_base_is_no_excuse()
    {
        byte[] clean = FilledImages.Get("ext4");
        var targets = new TargetList(clean);
        byte[] damaged = (byte[])clean.Clone();
        byte[] state = (byte[])clean.Clone();
        var first = new Mutator(targets, damaged);
        var second = new Mutator(targets, state);
        for (int seed = 1; seed <= StatesCount; seed++)
        {
            var random = new Random(seed);
            first.Mutate(random);
            Copy(damaged, state, first.Changed);
            second.Mutate(random);
            if (Run(() => CheckBase.Build(new MemorySource(damaged)).Report) is not null)
                AssertSame(CheckBase.Build(new MemorySource(damaged)), state, second.Changed, $"seed {seed}");
            second.Restore(clean);
            Copy(clean, state, first.Changed);
            first.Restore(clean);
        }
    }

    [RequiresKernelMountFact("mkfs.ext4", "setfattr")]
    public void Differences_name_what_changed_and_nothing_else()
    {
        byte[] before = FilledImages.Get("ext4");
        byte[] after = FilledImages.Change(before, root =>
        {
            File.WriteAllText(Path.Combine(root, "many/new"), "new");
            File.Move(Path.Combine(root, "d1/hard"), Path.Combine(root, "moved"));
            File.Delete(Path.Combine(root, "empty"));
        });
        CheckReport report = CheckBase.Build(new MemorySource(before)).Judge(new MemorySource(after), [new ByteRange(0, after.Length)]);
        TreeDifference[] differences = [.. report.Tree.Differences()];
        Assert.Contains(differences, difference => difference.Before is null && difference.PathsAfter.SequenceEqual(["/many/new"]));
        Assert.Contains(differences,
            difference => difference.PathsBefore.SequenceEqual(["/d1/hard"]) && difference.PathsAfter.SequenceEqual(["/moved"]));
        Assert.Contains(differences, difference => difference.After is null && difference.PathsBefore.SequenceEqual(["/empty"]));
        Assert.DoesNotContain(differences, difference => difference.PathsAfter.Contains("/sparse"));
        Assert.NotNull(report.Tree.Find("/many/new"));
        Assert.Null(report.Tree.Find("/empty"));
    }

    private static void Work(string root)
    {
        string In(string name) => Path.Combine(root, name);
        Directory.CreateDirectory(In("many/inner"));
        File.WriteAllBytes(In("many/inner/a"), [.. Enumerable.Repeat((byte)9, 20_000)]);
        for (int i = 1; i < 40; i += 3)
            File.Delete(In($"many/some-file-name-number-{i}"));
        for (int i = 0; i < 30; i++)
            File.WriteAllText(In($"fresh-{i}"), new string('f', i * 300));
        using (FileStream grown = File.Open(In("sparse"), FileMode.Open))
        {
            grown.SetLength(300_000);
            for (int i = 0; i < 30; i++)
            {
                grown.Position = (i * 9000) + 5000;
                grown.WriteByte(1);
            }
        }

        using (FileStream cut = File.Open(In("sparser"), FileMode.Open))
            cut.SetLength(70_000);
        File.Move(In("d1/hard"), In("d1/e2/d3/harder"));
        Directory.Move(In("d1/e2"), In("many/e3"));
        ExternalTool.RunOrThrow("ln", In("many/e3/d3/harder"), In("linked"));
        ExternalTool.RunOrThrow("setfattr", "-n", "user.more", "-v", new string('z', 300), In("many"));
        ExternalTool.RunOrThrow("setfattr", "-x", "user.big", In("many/e3"));
    }

    private static void Copy(byte[] from, byte[] to, IReadOnlyList<ByteRange> ranges)
    {
        foreach (ByteRange range in ranges)
            from.AsSpan((int)range.OffsetBytes, (int)range.LengthBytes).CopyTo(to.AsSpan((int)range.OffsetBytes));
    }

    private static List<ByteRange> DifferingUnits(byte[] left, byte[] right, int unitBytes)
    {
        var units = new List<ByteRange>();
        for (int at = 0; at < left.Length; at += unitBytes)
        {
            if (!left.AsSpan(at, unitBytes).SequenceEqual(right.AsSpan(at, unitBytes)))
                units.Add(new ByteRange(at, unitBytes));
        }

        return units;
    }

    private static void AssertSame(CheckBase checkBase, byte[] state, IReadOnlyList<ByteRange> changed, string what)
    {
        CheckReport? whole = Run(() => ImageChecker.Check(new MemorySource(state)));
        CheckReport? judged = Run(() => checkBase.Judge(new MemorySource(state), [.. changed]));
        Assert.True(whole is null == judged is null, what);
        if (whole is null || judged is null)
            return;
        Assert.True(
            whole.Findings.SequenceEqual(judged.Findings),
            $"{what}\nwhole:\n{string.Join("\n", whole.Findings)}\njudged:\n{string.Join("\n", judged.Findings)}");
        Assert.True(whole.Tree.Identity == judged.Tree.Identity, $"{what}: identity");
        Assert.True(whole.Summary == judged.Summary, $"{what}: {whole.Summary}, {judged.Summary}");
        Assert.True(whole.IsComplete == judged.IsComplete, $"{what}: complete");
        Assert.True(Lines(whole).SequenceEqual(Lines(judged)), $"{what}: tree");
    }

    private static IEnumerable<string> Lines(CheckReport report)
    {
        foreach (TreeFile file in report.Tree.Enumerate().Take(1000))
            yield return $"{file.Path} {file.Inode.Number} {file.Inode.Mode} {file.Inode.SizeBytes} "
                + $"{string.Join(",", file.Inode.Runs.ToArray())}";
    }

    private static CheckReport? Run(Func<CheckReport> check)
    {
        try
        {
            return check();
        }
        catch (CorruptionException)
        {
            return null;
        }
        catch (FileSystemException)
        {
            return null;
        }
    }
}
