namespace ExtShell.Engine.Inodes;

/// <summary>What the last part of a path is.</summary>
internal enum PathEndKind
{
    /// <summary>A name.</summary>
    Name,

    /// <summary>Nothing but slashes, or what a link's path of that kind led to: the directory itself.</summary>
    Directory,

    /// <summary>".".</summary>
    Dot,

    /// <summary>"..".</summary>
    DotDot,
}
