using ExtShell.Engine.IO.Protocols;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>The direct I/O protocols by name, with the defects of each that can be turned on.</summary>
public static class WriteProtocols
{
    private static readonly (string Name, Ext4Iomap2023Switches Value)[] Iomap2023Switches =
    [
        ("ExtendAfterSync", Ext4Iomap2023Switches.ExtendAfterSync),
        ("ExtendAfterSync:BothSizesLate", Ext4Iomap2023Switches.ExtendAfterSync),
        ("ExtendAfterSync:DiskSizeLate", Ext4Iomap2023Switches.DiskSizeAfterSync),
        ("FuaSkipsSync", Ext4Iomap2023Switches.FuaSkipsSync),
        ("InvalidateBeforeConvert", Ext4Iomap2023Switches.InvalidateBeforeConvert),
        ("ZeroOutMarksWhole", Ext4Iomap2023Switches.ZeroOutMarksWhole),
        ("FillHolesWritten", Ext4Iomap2023Switches.FillHolesWritten),
        ("NoOrphan", Ext4Iomap2023Switches.NoOrphan),
    ];

    /// <summary>The names of all protocols.</summary>
    public static IReadOnlyList<string> Names { get; } = ["Ext4Iomap2023"];

    /// <summary>The names of a protocol's switches; a variant follows a colon.</summary>
    /// <exception cref="FileSystemException">EINVAL: no protocol has that name.</exception>
    public static IReadOnlyList<string> SwitchesOf(string protocol)
    {
        RequireProtocol(protocol);
        return Array.ConvertAll(Iomap2023Switches, static known => known.Name);
    }

    internal static IWriteProtocol Create(string protocol, IReadOnlyList<string> switches, IoContext io, PageCoherence coherence,
        FileSync fileSync)
    {
        RequireProtocol(protocol);
        return new Ext4Iomap2023(io, coherence, fileSync, Parse(protocol, switches));
    }

    private static void RequireProtocol(string protocol)
    {
        if (!Names.Contains(protocol, StringComparer.OrdinalIgnoreCase))
        {
            string known = string.Join(", ", Names);
            throw new FileSystemException(Errno.EINVAL, "mount", $"no protocol is called \"{protocol}\"; there are {known}");
        }
    }

    private static Ext4Iomap2023Switches Parse(string protocol, IReadOnlyList<string> switches)
    {
        var parsed = Ext4Iomap2023Switches.None;
        foreach (string wanted in switches)
        {
            int index = Array.FindIndex(Iomap2023Switches, known => string.Equals(known.Name, wanted, StringComparison.OrdinalIgnoreCase));
            if (index < 0)
            {
                string known = string.Join(", ", SwitchesOf(protocol));
                throw new FileSystemException(Errno.EINVAL, "mount", $"{protocol} has no switch \"{wanted}\"; it has {known}");
            }

            parsed |= Iomap2023Switches[index].Value;
        }

        return parsed;
    }
}
