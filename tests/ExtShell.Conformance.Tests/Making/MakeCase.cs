using System.Globalization;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes.Making;
using ExtShell.TestTools;

namespace ExtShell.Conformance.Tests.Making;

/// <summary>
/// One volume, told once and made twice: by ExtShell and by mke2fs. The text is <c>SIZE TYPE BLOCKSIZE</c> and then options as mke2fs
/// writes them: <c>O=</c> features, <c>i=</c> ratio, <c>N=</c> inodes, <c>I=</c> inode size, <c>m=</c> percent, <c>J=</c> MiB, <c>L=</c>
/// label, <c>lazy</c>.
/// </summary>
internal sealed class MakeCase
{
    private const string Uuid = "00112233-4455-6677-8899-aabbccddeeff";
    private const string HashSeed = "0f0e0d0c-0b0a-0908-0706-050403020100";
    private const long TimeSeconds = 1_700_000_000;

    private readonly Dictionary<char, string> _options = [];
    private readonly string _type;
    private readonly bool _isLazy;

    public MakeCase(string text)
    {
        string[] words = text.Split(' ');
        int shiftBits = words[0][^1] switch { 'K' => 10, 'M' => 20, 'G' => 30, _ => 40 };
        SizeBytes = long.Parse(words[0][..^1], CultureInfo.InvariantCulture) << shiftBits;
        _type = words[1];
        BlockSizeBytes = int.Parse(words[2], CultureInfo.InvariantCulture);
        foreach (string word in words[3..])
        {
            if (word == "lazy")
                _isLazy = true;
            else
                _options[word[0]] = word[2..];
        }
    }

    public long SizeBytes { get; }

    public int BlockSizeBytes { get; }

    public void MakeOurs(IStorage storage) => VolumeMaker.Make(storage, Options);

    public void MakeOurs(string path)
    {
        using ImageFile image = ImageFile.Create(path, SizeBytes);
        MakeOurs(image);
    }

    public ToolResult MakeTheirs(string path)
    {
        using (var stream = new FileStream(path, FileMode.Create))
            stream.SetLength(SizeBytes);
        string lazy = _isLazy ? "lazy_itable_init=1,lazy_journal_init=1" : "lazy_itable_init=0,lazy_journal_init=0";
        var arguments = new List<string>
        {
            "-q", "-F", "-t", _type, "-b", $"{BlockSizeBytes}", "-U", Uuid,
            "-E", $"nodiscard,hash_seed={HashSeed},{lazy}",
        };
        foreach ((char option, string value) in _options)
            arguments.AddRange([$"-{option}", option == 'J' ? $"size={value}" : value]);
        arguments.Add(path);
        return ExternalTool.RunWith([("E2FSPROGS_FAKE_TIME", $"{TimeSeconds}")], "mke2fs", [.. arguments]);
    }

    private VolumeMakeOptions Options => new()
    {
        Type = Enum.Parse<VolumeType>(_type, ignoreCase: true),
        BlockSizeBytes = BlockSizeBytes,
        Features = _options.GetValueOrDefault('O', ""),
        InodeRatioBytes = Number('i') is { } ratio ? (int)ratio : null,
        InodesCount = Number('N') is { } inodes ? (uint)inodes : null,
        InodeSizeBytes = (int)(Number('I') ?? 256),
        ReservedPercent = double.Parse(_options.GetValueOrDefault('m', "5"), CultureInfo.InvariantCulture),
        Label = _options.GetValueOrDefault('L', ""),
        JournalSizeBytes = Number('J') << 20,
        Uuid = Guid.Parse(Uuid),
        HashSeed = Guid.Parse(HashSeed),
        TimeSeconds = TimeSeconds,
        LazyInodeTables = _isLazy,
        LazyJournal = _isLazy,
    };

    private long? Number(char option) =>
        _options.TryGetValue(option, out string? value) ? long.Parse(value, CultureInfo.InvariantCulture) : null;
}
