namespace ExtShell.PowerShell.Binding;

/// <summary>
/// Text in colour, where there is a terminal and NO_COLOR is not set; PowerShell itself takes colours out where $PSStyle says so.
/// </summary>
internal static class TerminalColour
{
    private static bool IsWanted => !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>The text, between the escapes of a colour and its end.</summary>
    /// <param name="colour">The numbers of the SGR sequence, such as <c>1;31</c>; empty for none.</param>
    /// <param name="text">The text, on one line.</param>
    public static string Of(string colour, string text) => colour.Length > 0 && IsWanted ? $"\e[{colour}m{text}\e[0m" : text;
}
