using System.Globalization;
using ExtShell.Check.Tests.Fuzz;
using ExtShell.Check.Tests.Images;
using ExtShell.Format.Errors;
using ExtShell.Format.Sources;
using ExtShell.TestTools;
using Xunit.Abstractions;

namespace ExtShell.Check.Tests;

/// <summary>
/// Changes a few bytes of metadata, mends the sums in half of the cases, and compares verdicts with e2fsck -fn. EXTSHELL_CHECK_CASES is the
/// number of cases a variant, for full runs.
/// </summary>
public sealed class E2fsckAgreementTests(ITestOutputHelper output)
{
    private const int FirstSeed = 20_261;
    private static readonly int CasesCount =
        int.TryParse(Environment.GetEnvironmentVariable("EXTSHELL_CHECK_CASES"), CultureInfo.InvariantCulture, out int cases) ? cases : 25;

    [RequiresKernelMountTheory("mkfs.ext4", "e2fsck", "setfattr")]
    [MemberData(nameof(ImageVariant.Names), MemberType = typeof(ImageVariant))]
    public void Damage_is_found_where_e2fsck_finds_it(string variant)
    {
        byte[] clean = FilledImages.Get(variant);
        byte[] image = (byte[])clean.Clone();
        var mutator = new Mutator(new TargetList(clean), image);
        using var folder = TemporaryFolder.InMemory();
        string path = folder.File("image");
        File.WriteAllBytes(path, clean);
        var differences = new List<string>();
        int damaged = 0;
        int explained = 0;
        int sameClass = 0;
        for (int seed = FirstSeed; seed < FirstSeed + CasesCount; seed++)
        {
            string what = mutator.Mutate(new Random(seed));
            CheckReport? report = Check(image);
            Write(path, image, mutator.Changed);
            E2fsck fsck = E2fsck.Run(path);
            bool isSound = report is { Summary: { Errors: 0, Summaries: 0 } };
            damaged += fsck.IsClean ? 0 : 1;
            if (isSound == fsck.IsClean)
                sameClass += fsck.IsClean || IsSameClass(report, fsck) ? 1 : 0;
            else if (KnownDifferences.Explain(report, fsck) is not null)
                explained++;
            else
                differences.Add($"seed {seed}: {what}\n{string.Join("\n", report?.Findings ?? [])}\n{fsck.Output}");
            mutator.Restore(clean);
            Write(path, image, mutator.Changed);
        }

        output.WriteLine($"{variant}: {CasesCount} cases, {damaged} damaged by e2fsck's account, {explained} differences explained, "
            + $"{sameClass} of the same class");
        Assert.True(differences.Count == 0, string.Join("\n\n", differences));
        Assert.True(damaged > CasesCount / 4, "too few of the changes do any damage");
        Assert.True(sameClass >= (CasesCount - explained) * 9 / 10, $"only {sameClass} of {CasesCount} are of e2fsck's class");
    }

    private static CheckReport? Check(byte[] image)
    {
        try
        {
            return ImageChecker.Check(new MemorySource(image));
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

    private static bool IsSameClass(CheckReport? report, E2fsck fsck) =>
        report is null
        || report.Findings.Any(finding => finding.Severity != FindingSeverity.Warning && FindingPass.Of(finding.Code) == fsck.FirstPass);

    private static void Write(string path, byte[] image, IReadOnlyList<ByteRange> ranges)
    {
        using FileStream file = File.OpenWrite(path);
        foreach (ByteRange range in ranges)
        {
            file.Position = range.OffsetBytes;
            file.Write(image, (int)range.OffsetBytes, (int)range.LengthBytes);
        }
    }
}
