namespace ExtShell.Repl;

/// <summary>What the command line asks for.</summary>
internal sealed record ProgramArguments
{
    /// <summary>What is wrong with it; null for nothing.</summary>
    public string? Error { get; private init; }

    /// <summary>-h, --help.</summary>
    public bool WantsHelp { get; private init; }

    /// <summary>--version.</summary>
    public bool WantsVersion { get; private init; }

    /// <summary>--json: results as JSON lines.</summary>
    public bool IsJson { get; private init; }

    /// <summary>--svg: the file that gets the result as a picture; null for none.</summary>
    public string? Picture { get; private init; }

    /// <summary>-i: a prompt after the script.</summary>
    public bool IsInteractive { get; private init; }

    /// <summary>The expression of -e; null for none.</summary>
    public string? Expression { get; private init; }

    /// <summary>The script's path, "-" for standard input; null for none.</summary>
    public string? Script { get; private init; }

    /// <summary>What comes after the script: its own arguments.</summary>
    public IReadOnlyList<string> Rest { get; private init; } = [];

    /// <summary>Whether nothing is to be run: a prompt alone.</summary>
    public bool IsPrompt => Script is null && Expression is null;

    public static ProgramArguments Parse(string[] arguments)
    {
        var parsed = new ProgramArguments();
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "-h" or "--help":
                    return parsed with { WantsHelp = true };
                case "--version":
                    return parsed with { WantsVersion = true };
                case "--json":
                    parsed = parsed with { IsJson = true };
                    break;
                case "--svg" when i + 1 == arguments.Length:
                    return parsed with { Error = "--svg takes the file to write" };
                case "--svg":
                    parsed = parsed with { Picture = arguments[++i] };
                    break;
                case "-i" or "--interactive":
                    parsed = parsed with { IsInteractive = true };
                    break;
                case "-e" when i + 1 == arguments.Length || parsed.Expression is not null:
                    return parsed with { Error = "-e takes one expression" };
                case "-e":
                    parsed = parsed with { Expression = arguments[++i] };
                    break;
                case "--" when parsed.Expression is not null || i + 1 == arguments.Length:
                    return (parsed with { Rest = arguments[(i + 1)..] }).Checked();
                case "--":
                    return (parsed with { Script = arguments[i + 1], Rest = arguments[(i + 2)..] }).Checked();
                case ['-', _, ..] option:
                    return parsed with { Error = $"unknown option {option}" };
                case var rest when parsed.Expression is not null:
                    return (parsed with { Rest = [rest, .. arguments[(i + 1)..]] }).Checked();
                case var script:
                    return (parsed with { Script = script, Rest = arguments[(i + 1)..] }).Checked();
            }
        }

        return parsed.Checked();
    }

    private ProgramArguments Checked() => this switch
    {
        { Picture: not null, IsPrompt: true } => this with { Error = "--svg draws the result of a script or of -e" },
        { Script: null } => this,
        { Script: "-", IsInteractive: true } => this with { Error = "-i needs standard input for the prompt, so the script is a file" },
        { Script: "-" } => this,
        _ => File.Exists(Script) ? this : this with { Error = $"no such script: {Script}" },
    };
}
