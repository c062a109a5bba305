using ExtShell.Format.OnDisk;

namespace ExtShell.PowerShell.Binding;

/// <summary>Modes as <c>ls -l</c> shows them.</summary>
internal static class ModeText
{
    public static string Of(InodeMode mode)
    {
        Span<char> text = stackalloc char[10];
        text[0] = (mode & InodeMode.TypeMask) switch
        {
            InodeMode.Directory => 'd',
            InodeMode.SymbolicLink => 'l',
            InodeMode.CharacterDevice => 'c',
            InodeMode.BlockDevice => 'b',
            InodeMode.Fifo => 'p',
            InodeMode.Socket => 's',
            _ => '-',
        };
        int bits = (int)mode;
        for (int i = 0; i < 9; i++)
            text[i + 1] = (bits & (0x100 >> i)) != 0 ? "rwx"[i % 3] : '-';
        Mark(text, 3, (bits & 0x800) != 0, 's');
        Mark(text, 6, (bits & 0x400) != 0, 's');
        Mark(text, 9, (bits & 0x200) != 0, 't');
        return new string(text);
    }

    private static void Mark(Span<char> text, int at, bool isSet, char mark)
    {
        if (isSet)
            text[at] = text[at] == 'x' ? mark : char.ToUpperInvariant(mark);
    }
}
