using System.Globalization;
using ExtShell.Check.Tests.Fuzz;
using ExtShell.Check.Tests.Images;
using ExtShell.Format.Errors;
using ExtShell.Format.Sources;
using ExtShell.TestTools;

namespace ExtShell.Check.Tests;

/// <summary>Whatever an image says, the checker answers: with findings, or with a typed refusal where there is no volume.</summary>
public sealed class HostileImageTests
{
    private static readonly int CasesCount =
        int.TryParse(Environment.GetEnvironmentVariable("EXTSHELL_CHECK_CASES"), CultureInfo.InvariantCulture, out int cases) ? cases : 25;

    [RequiresKernelMountTheory("mkfs.ext4", "setfattr")]
    [InlineData("ext2-1k")]
    [InlineData("inline-1k-no-sums")]
    [InlineData("short-inodes")]
    [InlineData("ext4-1k")]
    public void Damage_without_measure_gives_findings_and_no_exception(string variant)
    {
        byte[] clean = FilledImages.Get(variant);
        byte[] image = (byte[])clean.Clone();
        var checkBase = CheckBase.Build(new MemorySource(clean));
        var scrambler = new BlockScrambler(new TargetList(clean), image);
        int damaged = 0;
        for (int seed = 1; seed <= CasesCount; seed++)
        {
            scrambler.Scramble(new Random(seed));
            try
            {
                CheckReport whole = ImageChecker.Check(new MemorySource(image));
                CheckReport judged = checkBase.Judge(new MemorySource(image), [.. scrambler.Changed]);
                damaged += whole.IsClean ? 0 : 1;
                Assert.Equal(whole.Findings, judged.Findings);
                Assert.Equal(whole.Tree.Identity, judged.Tree.Identity);
                Assert.Equal(whole.Tree.Enumerate().Take(5000).Select(file => file.Path),
                    judged.Tree.Enumerate().Take(5000).Select(file => file.Path));
            }
            catch (CorruptionException)
            {
                damaged++;
            }
            catch (FileSystemException)
            {
                damaged++;
            }

            foreach (ByteRange range in scrambler.Changed)
                clean.AsSpan((int)range.OffsetBytes, (int)range.LengthBytes).CopyTo(image.AsSpan((int)range.OffsetBytes));
        }

        Assert.True(damaged > CasesCount / 2);
    }
}
