namespace ExtShell.Engine.Journal;

/// <summary>Data that must be on the device before a commit record.</summary>
internal readonly record struct OrderedRange(IOrderedData File, long BeginBytes, long EndBytes)
{
    public long LengthBytes => EndBytes - BeginBytes;
}
