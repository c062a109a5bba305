using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using ExtShell.Format.OnDisk;

namespace ExtShell.Repl.Display;

/// <summary>What every kind of display asks of values: whether they are a word, what properties they show.</summary>
internal static class Values
{
    private const int MostBytes = 32;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Whether a value is shown as one word or line, whatever surrounds it.</summary>
    public static bool IsScalar(object? value) => value is null or string or bool or char or Enum or IFormattable and not IEnumerable;

    /// <summary>Whether a type's values are such.</summary>
    public static bool IsScalarType(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsPrimitive || plain.IsEnum || plain == typeof(string) || plain == typeof(decimal) || plain == typeof(BigInteger)
            || plain == typeof(DateTime) || plain == typeof(DateTimeOffset) || plain == typeof(TimeSpan) || plain == typeof(Guid);
    }

    /// <summary>A value in a line; numbers with separators are for tables, so there are none here.</summary>
    public static string Word(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        string text => text,
        byte[] bytes => $"byte[{bytes.Length}] {Convert.ToHexString(bytes.AsSpan(0, Math.Min(MostBytes, bytes.Length)))}"
            + (bytes.Length > MostBytes ? "…" : ""),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        ICollection items => $"{items.Count} item{(items.Count == 1 ? "" : "s")}",
        _ => value.ToString() ?? "",
    };

    /// <summary>The public properties that can be read, in the order of their declaration, the base's last.</summary>
    public static IReadOnlyList<PropertyInfo> Properties(Type type) =>
        [.. type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.CanRead && property.GetIndexParameters().Length == 0 && !property.PropertyType.IsByRefLike
                && !property.PropertyType.IsPointer)
            .DistinctBy(property => property.Name)];

    /// <summary>
    /// What a property holds as people read it: times as such, also those that count nanoseconds since 1970, and words as a list.
    /// </summary>
    public static object? ReadForPeople(PropertyInfo property, object owner)
    {
        object? value = Read(property, owner);
        return value switch
        {
            long nanoseconds when property.Name.EndsWith("UnixNanoseconds", StringComparison.Ordinal) =>
                Moment(0, nanoseconds),
            Timestamp time => Moment(time.Seconds, time.Nanoseconds),
            DateTime time => time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            IReadOnlyList<string> { Count: > 0 } words => string.Join(", ", words),
            _ => value,
        };
    }

    private static string Moment(long seconds, long nanoseconds)
    {
        long rest = ((nanoseconds % NanosecondsPerSecond) + NanosecondsPerSecond) % NanosecondsPerSecond;
        DateTime time = DateTime.UnixEpoch.AddSeconds(seconds + ((nanoseconds - rest) / NanosecondsPerSecond));
        return string.Create(CultureInfo.InvariantCulture, $"{time:yyyy-MM-dd HH:mm:ss}.{rest:000000000}");
    }

    /// <summary>What a property holds; the message where it throws.</summary>
    public static object? Read(PropertyInfo property, object owner)
    {
        try
        {
            return property.GetValue(owner);
        }
        catch (TargetInvocationException failure)
        {
            return $"({failure.InnerException?.Message})";
        }
    }

    /// <summary>
    /// Whether the type says itself how its values are written; what the compiler made for a record or an anonymous type does not count.
    /// </summary>
    public static bool HasOwnText(Type type)
    {
        MethodInfo text = type.GetMethod(nameof(ToString), Type.EmptyTypes)!;
        bool isInherited = text.DeclaringType == typeof(object) || text.DeclaringType == typeof(ValueType);
        bool isGenerated = text.IsDefined(typeof(CompilerGeneratedAttribute)) || type.IsDefined(typeof(CompilerGeneratedAttribute));
        return !isInherited && !isGenerated;
    }
}
