namespace ExtShell.Engine.Kernel;

/// <summary>Keys of resources that are told apart by name.</summary>
public static class FootprintKeys
{
    /// <summary>A key made of a name; the same on every machine.</summary>
    public static long Of(string name)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in name)
            hash = (hash ^ c) * 1099511628211;
        return (long)hash;
    }
}
