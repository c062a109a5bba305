namespace ExtShell.Lab.Durability;

/// <summary>A version of a name with its times.</summary>
internal sealed class DatedVersion
{
    public DatedVersion(NameHistory name, NameVersion version)
    {
        (Name, Version, FromSequence) = (name, version, version.CalledSequence);
        (int until, EndedBy) = name.EndOf(version);
        Legal = new TimeStretch(version.CalledPosition, until);
        (UntilSequence, ReplacedBy) = name.ReplacedBy(version);
    }

    public NameHistory Name { get; }

    public NameVersion Version { get; }

    public TimeStretch Legal { get; }

    public NameVersion? EndedBy { get; }

    public int FromSequence { get; }

    public int UntilSequence { get; }

    public NameVersion? ReplacedBy { get; }

    public bool Fits(bool isThere, in RecoveredInode inode) => Version.Target is { } target
        ? isThere && inode.IsDirectory == target.IsDirectory && (target.Inode == 0 || target.Inode == inode.Number)
        : !isThere;

    public string Describe() => Version.Target is null ? $"{Name.Path} is not there" : $"{Name.Path} is there";
}
