using ExtShell.TestTools;

namespace ExtShell.Check.Tests.Fuzz;

/// <summary>What e2fsck -fn says of an image.</summary>
/// <param name="ExitCode">0: no problem; 4: problems left; 8: it could not work.</param>
/// <param name="Output">What it printed.</param>
internal sealed record E2fsck(int ExitCode, string Output)
{
    /// <summary>
    /// Whether it exits with 0 and asks nothing: some problems that -n leaves alone do not reach the exit code. Proposals to make an extent
    /// tree or a directory smaller are no problems.
    /// </summary>
    public bool IsClean => ExitCode == 0 && !Output.Split('\n').Any(IsProblem);

    public static E2fsck Run(string image)
    {
        ToolResult result = ExternalTool.Run("e2fsck", "-fn", image);
        return new E2fsck(result.ExitCode, result.Output + result.Errors);
    }

    /// <summary>Its pass in which the first problem was found; 0 for what comes before the passes; −1 if there is none.</summary>
    public int FirstPass
    {
        get
        {
            if (IsClean)
                return -1;
            if (Output.Contains("trying backup blocks", StringComparison.Ordinal))
                return 0;
            int pass = 0;
            foreach (string line in Output.Split('\n'))
            {
                if (line.StartsWith("Pass ", StringComparison.Ordinal) && line.Length > 5 && char.IsDigit(line[5]))
                    pass = line[5] - '0';
                else if (IsProblem(line))
                    return pass;
            }

            return pass;
        }
    }

    private static bool IsProblem(string line) =>
        (line.Contains("? no", StringComparison.Ordinal) || line.Contains("IGNORED", StringComparison.Ordinal))
        && !line.Contains("Optimize?", StringComparison.Ordinal);
}
