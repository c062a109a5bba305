using System.Collections;
using System.Numerics;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ExtShell.Check;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Engine.Volumes;
using ExtShell.Lab.Crash;
using ExtShell.Lab.Durability;
using ExtShell.Lab.Scheduling;

namespace ExtShell.Repl.Display;

/// <summary>Values as JSON lines: a line for a value, for a collection one for each item.</summary>
/// <remarks>
/// An object has its public properties in camel case. Numbers past 2^53 are strings, since most readers would round them; bytes are base64;
/// what holds a whole machine or disk (a volume, a crash state, a log) is its text, and so is what lies deeper than
/// <see cref="MostDepth"/>.
/// </remarks>
internal static class JsonText
{
    private const int MostDepth = 6;
    private const long MostExact = 1L << 53;

    private static readonly Type[] ShownAsText =
        [typeof(Volume), typeof(FileHandle), typeof(Machine), typeof(IStorage), typeof(WriteLog), typeof(History), typeof(CrashState),
            typeof(Epoch), typeof(VolumeTree), typeof(Schedule), typeof(Type), typeof(Delegate), typeof(Task)];

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static IEnumerable<string> Lines(object? value)
    {
        if (value is not IEnumerable items || value is string or byte[] or IDictionary)
        {
            yield return Line(value);
            yield break;
        }

        foreach (object? item in items)
            yield return Line(item);
    }

    private static string Line(object? value)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
            Write(writer, value, 0);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void Write(Utf8JsonWriter writer, object? value, int depth)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case bool truth:
                writer.WriteBooleanValue(truth);
                break;
            case byte[] bytes:
                writer.WriteBase64StringValue(bytes);
                break;
            case float or double:
                WriteFloat(writer, Convert.ToDouble(value, null));
                break;
            case sbyte or byte or short or ushort or int or uint or long or ulong or BigInteger or decimal:
                WriteNumber(writer, value);
                break;
            case DateTime time:
                writer.WriteStringValue(time);
                break;
            case string or char or Enum:
                writer.WriteStringValue(value.ToString());
                break;
            case IDictionary entries:
                WriteEntries(writer, entries, depth);
                break;
            case IEnumerable items when depth < MostDepth:
                writer.WriteStartArray();
                foreach (object? item in items)
                    Write(writer, item, depth + 1);
                writer.WriteEndArray();
                break;
            default:
                WriteObject(writer, value, depth);
                break;
        }
    }

    private static void WriteNumber(Utf8JsonWriter writer, object value)
    {
        string text = Values.Word(value);
        bool isExact = value is decimal || BigInteger.Abs(BigInteger.Parse(text, null)) <= MostExact;
        if (isExact)
            writer.WriteRawValue(text);
        else
            writer.WriteStringValue(text);
    }

    private static void WriteFloat(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteStringValue(Values.Word(value));
    }

    private static void WriteEntries(Utf8JsonWriter writer, IDictionary entries, int depth)
    {
        writer.WriteStartObject();
        foreach (DictionaryEntry entry in entries)
        {
            writer.WritePropertyName(Values.Word(entry.Key));
            Write(writer, entry.Value, depth + 1);
        }

        writer.WriteEndObject();
    }

    private static void WriteObject(Utf8JsonWriter writer, object value, int depth)
    {
        Type type = value.GetType();
        IReadOnlyList<PropertyInfo> properties = Values.Properties(type);
        bool isText = depth >= MostDepth || properties.Count == 0 || Values.IsScalar(value)
            || ShownAsText.Any(shown => shown.IsInstanceOfType(value));
        if (isText)
        {
            writer.WriteStringValue(value.ToString());
            return;
        }

        writer.WriteStartObject();
        foreach (PropertyInfo property in properties)
        {
            writer.WritePropertyName(JsonNamingPolicy.CamelCase.ConvertName(property.Name));
            Write(writer, Values.Read(property, value), depth + 1);
        }

        writer.WriteEndObject();
    }
}
