using System.Security.Cryptography;
using System.Text;
using ExtShell.Scripting.Contracts;

namespace ExtShell.Scripting.Compiling;

/// <summary>
/// The scripts that were compiled before, in the user's cache folder, so that an unchanged script starts without the compiler.
/// </summary>
/// <remarks>
/// (1) The key is the SHA-256 of the script's text and path, and of the versions of the host: the module ids of ExtShell's assemblies, the
/// compiler's host among them, and the runtime. What <c>#load</c> and <c>#r</c> brought in is in the entry, with hashes that must still be
/// right.
/// (2) An entry is a head, the SHA-256 of its body, and its body. One that is damaged, or of another key, is none, and is replaced.
/// (3) An entry is written beside its place and moved there, so that a reader sees a whole one or none.
/// (4) Of more than <see cref="MostEntries"/> the longest unused ones are deleted. A folder that cannot be written makes no error: nothing
/// is kept.
/// (5) No type of the compiler is named here: a script that is found does not load it.
/// </remarks>
internal sealed class CompilationCache(string folder)
{
    /// <summary>How many entries are kept.</summary>
    public const int MostEntries = 200;

    private const string Extension = ".script";
    private static readonly byte[] Head = "ExtShell script 1\n"u8.ToArray();
    private static readonly Lazy<string> HostVersion = new(FindHostVersion);

    /// <summary>The user's own, or the folder that EXTSHELL_CACHE names.</summary>
    public static CompilationCache OfUser() => new(Path.Combine(UserFolders.Cache, "scripts"));

    /// <summary>The key of a script: 64 hexadecimal digits.</summary>
    public static string KeyOf(string code, string? path) => // (1)
        Convert.ToHexString(SHA256.HashData(
            Encoding.UTF8.GetBytes($"{HostVersion.Value}\0{path ?? Environment.CurrentDirectory}\0{code}")));

    /// <summary>The entry of a key, if there is one and all that it was made of is unchanged.</summary>
    public CompiledScript? Find(string key)
    {
        string path = PathOf(key);
        try
        {
            byte[] file = File.ReadAllBytes(path);
            if (Decode(file, key) is not { } script || !script.Sources.All(IsUnchanged))
                return null;
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow); // (4)
            return script;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps an entry.</summary>
    public void Keep(string key, CompiledScript script)
    {
        try
        {
            Directory.CreateDirectory(folder);
            string beside = Path.Combine(folder, $"{key[..16]}.{Environment.ProcessId}.new");
            File.WriteAllBytes(beside, Encode(script, key));
            File.Move(beside, PathOf(key), overwrite: true); // (3)
            DeleteOldest();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // (4)
        }
    }

    private string PathOf(string key) => Path.Combine(folder, key[..32] + Extension);

    private void DeleteOldest()
    {
        FileInfo[] entries = [.. new DirectoryInfo(folder).EnumerateFiles("*" + Extension)
            .OrderByDescending(entry => entry.LastWriteTimeUtc)];
        foreach (FileInfo entry in entries.Skip(MostEntries))
            entry.Delete();
    }

    private static bool IsUnchanged(SourceFile source) =>
        File.Exists(source.Path) && Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(source.Path))) == source.Hash;

    private static byte[] Encode(CompiledScript script, string key)
    {
        using var body = new MemoryStream();
        using var writer = new BinaryWriter(body);
        writer.Write(key);
        writer.Write(script.AssemblyName);
        writer.Write(script.TypeName);
        writer.Write(script.MethodName);
        writer.Write(script.HasValue);
        writer.Write(script.ResultType);
        writer.Write(script.References.Count);
        foreach (string reference in script.References)
            writer.Write(reference);
        writer.Write(script.Sources.Count);
        foreach (SourceFile source in script.Sources)
        {
            writer.Write(source.Path);
            writer.Write(source.Hash);
        }

        writer.Write(script.Image.Length);
        writer.Write(script.Image);
        writer.Write(script.Symbols.Length);
        writer.Write(script.Symbols);
        writer.Flush();
        byte[] bytes = body.ToArray();
        return [.. Head, .. SHA256.HashData(bytes), .. bytes];
    }

    private static CompiledScript? Decode(byte[] file, string key) // (2)
    {
        int bodyStart = Head.Length + SHA256.HashSizeInBytes;
        if (file.Length < bodyStart || !file.AsSpan().StartsWith(Head))
            return null;
        if (!SHA256.HashData(file.AsSpan(bodyStart)).AsSpan().SequenceEqual(file.AsSpan(Head.Length, SHA256.HashSizeInBytes)))
            return null;
        using var reader = new BinaryReader(new MemoryStream(file, bodyStart, file.Length - bodyStart));
        if (reader.ReadString() != key)
            return null;
        return new CompiledScript
        {
            AssemblyName = reader.ReadString(),
            TypeName = reader.ReadString(),
            MethodName = reader.ReadString(),
            HasValue = reader.ReadBoolean(),
            ResultType = reader.ReadString(),
            References = ReadMany(reader, static from => from.ReadString()),
            Sources = ReadMany(reader, static from => new SourceFile(from.ReadString(), from.ReadString())),
            Image = reader.ReadBytes(reader.ReadInt32()),
            Symbols = reader.ReadBytes(reader.ReadInt32()),
        };
    }

    private static T[] ReadMany<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        var items = new T[reader.ReadInt32()];
        for (int i = 0; i < items.Length; i++)
            items[i] = read(reader);
        return items;
    }

    private static string FindHostVersion()
    {
        Type[] own =
        [
            typeof(CompilationCache), typeof(Experiment), typeof(Lab.Verbs.Laboratory), typeof(Check.CheckReport),
                typeof(Engine.Volumes.Volume),
            typeof(Format.Errors.Errno),
        ];
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location) ?? "";
        return string.Join(' ',
            [.. own.Select(type => type.Module.ModuleVersionId.ToString("N")), Environment.Version.ToString(), runtime]);
    }
}
