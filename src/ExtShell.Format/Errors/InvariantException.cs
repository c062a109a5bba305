using System.Diagnostics.CodeAnalysis;

namespace ExtShell.Format.Errors;

/// <summary>A rule that ExtShell keeps was broken: our bug, never the caller's and never the image's.</summary>
public sealed class InvariantException : Exception
{
    /// <summary>Makes the error.</summary>
    public InvariantException(string rule)
        : base("ExtShell broke its own rule: " + rule)
    {
    }

    /// <summary>Throws unless <paramref name="holds"/>; used in pairs, before a write and after a read.</summary>
    public static void Require([DoesNotReturnIf(false)] bool holds, string rule)
    {
        if (!holds)
            Throw(rule);
    }

    [DoesNotReturn]
    private static void Throw(string rule) => throw new InvariantException(rule);
}
