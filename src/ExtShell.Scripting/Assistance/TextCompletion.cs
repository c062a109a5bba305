using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;
using ExtShell.Scripting.Compiling;
using ExtShell.Scripting.Contracts;
using ExtShell.Scripting.Contracts.Assistance;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ExtShell.Scripting.Assistance;

/// <summary>
/// What can stand inside a string: a name where it takes one, else a path: of the volume whose method is called, or of the host.
/// </summary>
internal static class TextCompletion
{
    private const int MostItems = 200;

    private static readonly string[] VolumeVerbs =
    [
        nameof(Volume.Create), nameof(Volume.Open), nameof(Volume.Mkdir), nameof(Volume.Rmdir), nameof(Volume.Link), nameof(Volume.Unlink),
        nameof(Volume.Rename), nameof(Volume.Stat), nameof(Volume.ReadLink), nameof(Volume.ReadDirectory), nameof(Volume.Exists),
    ];

    public static CompletionList Find(string code, int position, IScriptSession session, Experiment experiment)
    {
        SyntaxToken token = SubmissionSyntax.Parse(code).GetRoot().FindToken(Math.Max(0, position - 1), findInsideTrivia: true);
        if (!token.IsKind(SyntaxKind.StringLiteralToken) || position <= token.SpanStart || token.Text.StartsWith('@'))
            return CompletionList.None;
        bool isClosed = token.Text.Length > 1 && token.Text.EndsWith('"');
        if (isClosed && position == token.Span.End)
            return CompletionList.None;
        string typed = code[(token.SpanStart + 1)..position];
        if (NameCompletion.Find(code[..position], token.SpanStart) is { } names)
            return new CompletionList(position - typed.Length, typed.Length, [.. Matching(names, typed)]);
        int slash = typed.LastIndexOf('/') + 1;
        string name = typed[slash..];
        Volume? volume = VolumeOf(token, session, experiment);
        IEnumerable<(string Name, bool IsFolder)> entries = volume is null ? OfHost(typed[..slash])
            : OfVolume(volume, "/" + typed[..slash].Trim('/'));
        IEnumerable<CompletionItem> items = entries
            .Where(entry => entry.Name.StartsWith(name, StringComparison.Ordinal))
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Take(MostItems)
            .Select(entry => new CompletionItem(
                (volume is not null && typed.Length == 0 ? "/" : "") + entry.Name + (entry.IsFolder ? "/" : ""), CompletionKind.Path,
                    entry.IsFolder ? "directory" : "file"));
        return new CompletionList(position - name.Length, name.Length, [.. items]);
    }

    /// <summary>What begins with what is typed, then what has it within.</summary>
    private static IEnumerable<CompletionItem> Matching(IEnumerable<CompletionItem> names, string typed) => names
        .Where(item => item.Text.Contains(typed, StringComparison.OrdinalIgnoreCase))
        .OrderBy(item => item.Text.StartsWith(typed, StringComparison.OrdinalIgnoreCase) ? 0 : 1);

    private static Volume? VolumeOf(SyntaxToken token, IScriptSession session, Experiment experiment)
    {
        InvocationExpressionSyntax? call = token.Parent?.Ancestors().OfType<InvocationExpressionSyntax>().FirstOrDefault();
        if (call?.Expression is not MemberAccessExpressionSyntax access || !VolumeVerbs.Contains(access.Name.Identifier.Text))
            return null;
        string name = access.Expression.ToString();
        object? named = session.Variables.FirstOrDefault(variable => variable.Name == name).Value;
        return named as Volume ?? experiment.Volumes.LastOrDefault(volume => volume.IsMounted);
    }

    private static IEnumerable<(string Name, bool IsFolder)> OfVolume(Volume volume, string folder)
    {
        try
        {
            return volume.IsMounted ? [.. volume.ReadDirectory(folder).Select(item => (item.Name, item.Type == FileType.Directory))] : [];
        }
        catch (Exception failure) when (failure is FileSystemException or CorruptionException)
        {
            return [];
        }
    }

    private static IEnumerable<(string Name, bool IsFolder)> OfHost(string folder)
    {
        try
        {
            var directory = new DirectoryInfo(folder.Length == 0 ? "." : folder);
            return [.. directory.EnumerateFileSystemInfos().Take(5000).Select(entry => (entry.Name, entry is DirectoryInfo))];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or System.Security.SecurityException)
        {
            return [];
        }
    }
}
