using System.ComponentModel;
using System.Globalization;

namespace ExtShell.Scripting.Contracts;

/// <summary>Arguments by name, from a command line's <c>name=value</c>, and their conversion to what a script wants.</summary>
internal static class ScriptArguments
{
    public static Dictionary<string, object?> Named(IReadOnlyList<string> arguments)
    {
        var named = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        foreach (string argument in arguments)
        {
            int end = argument.IndexOf('=', StringComparison.Ordinal);
            if (end > 0 && IsName(argument.AsSpan(0, end)))
                named[argument[..end]] = argument[(end + 1)..];
        }

        return named;
    }

    public static T Convert<T>(string name, object? value)
    {
        if (value is T same)
            return same;
        Type type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        try
        {
            if (value is null)
                return default(T) is null ? default! : throw new FormatException("it is null");
            if (type.IsEnum && value is string word)
                return (T)Enum.Parse(type, word, ignoreCase: true);
            TypeConverter converter = TypeDescriptor.GetConverter(type);
            return (T)(value is string text && converter.CanConvertFrom(typeof(string))
                ? converter.ConvertFromInvariantString(text)!
                : System.Convert.ChangeType(value, type, CultureInfo.InvariantCulture));
        }
        catch (Exception failure) when (failure is FormatException or InvalidCastException or OverflowException or ArgumentException
            or NotSupportedException)
        {
            throw new ArgumentException($"the argument '{name}' cannot be taken as {type.Name}: it is '{value}'");
        }
    }

    private static bool IsName(ReadOnlySpan<char> text)
    {
        foreach (char letter in text)
        {
            if (!char.IsLetterOrDigit(letter) && letter != '_')
                return false;
        }

        return !char.IsDigit(text[0]);
    }
}
