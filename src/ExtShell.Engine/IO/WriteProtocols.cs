using ExtShell.Engine.IO.Protocols;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>The direct I/O protocols by name, in the order of history, with the defects of each that can be turned on.</summary>
public static class WriteProtocols
{
    private static readonly (ProtocolDescription Description, Func<ProtocolParts, int, IWriteProtocol> Make)[] Known =
    [
        (Ext3Indirect.Own, static (parts, switches) => new Ext3Indirect(parts, (Ext3IndirectSwitches)switches)),
        (Ext4EndIo2009.Own, static (parts, switches) => new Ext4EndIo2009(parts, (Ext4EndIo2009Switches)switches)),
        (Ext4CompletedIo2012.Own,
            static (parts, switches) => new Ext4CompletedIo2012(parts, (Ext4CompletedIo2012Switches)switches)),
        (Ext4Dax2014.Own, static (parts, switches) => new Ext4Dax2014(parts, (Ext4Dax2014Switches)switches)),
        (Ext4Iomap2019.Own, static (parts, switches) => new Ext4Iomap2019(parts, (Ext4Iomap2019Switches)switches)),
        (Ext4Iomap2023.Own, static (parts, switches) => new Ext4Iomap2023(parts, (Ext4Iomap2023Switches)switches)),
        (XfsStyle.Own, static (parts, switches) => new XfsStyle(parts, (XfsStyleSwitches)switches)),
    ];

    /// <summary>All protocols, in the order of history.</summary>
    public static IReadOnlyList<ProtocolDescription> All { get; } = Array.ConvertAll(Known, static known => known.Description);

    /// <summary>The names of all protocols.</summary>
    public static IReadOnlyList<string> Names { get; } = Array.ConvertAll(Known, static known => known.Description.Name);

    /// <summary>What a protocol says of itself.</summary>
    /// <exception cref="FileSystemException">EINVAL: no protocol has that name.</exception>
    public static ProtocolDescription Describe(string protocol) => Known[IndexOf(protocol)].Description;

    /// <summary>The names of a protocol's switches; a variant follows a colon.</summary>
    /// <exception cref="FileSystemException">EINVAL: no protocol has that name.</exception>
    public static IReadOnlyList<string> SwitchesOf(string protocol) => [.. Describe(protocol).Switches.Select(static known => known.Name)];

    /// <summary>Where two protocols differ, aspect by aspect; what both say alike is left out.</summary>
    /// <exception cref="FileSystemException">EINVAL: no protocol has that name.</exception>
    public static IReadOnlyList<ProtocolDifference> Compare(string left, string right) =>
        ProtocolDifference.Between(Describe(left), Describe(right));

    internal static IWriteProtocol Create(string protocol, IReadOnlyList<string> switches, ProtocolParts parts)
    {
        (ProtocolDescription description, Func<ProtocolParts, int, IWriteProtocol> make) = Known[IndexOf(protocol)];
        return make(parts, Parse(description, switches));
    }

    private static int IndexOf(string protocol)
    {
        int index = Array.FindIndex(Known, known => string.Equals(known.Description.Name, protocol, StringComparison.OrdinalIgnoreCase));
        if (index < 0)
        {
            string known = string.Join(", ", Names);
            throw new FileSystemException(Errno.EINVAL, "mount", $"no protocol is called \"{protocol}\"; there are {known}");
        }

        return index;
    }

    private static int Parse(ProtocolDescription protocol, IReadOnlyList<string> switches)
    {
        int parsed = 0;
        foreach (string wanted in switches)
        {
            ProtocolSwitch? found = protocol.Switches.FirstOrDefault(
                known => string.Equals(known.Name, wanted, StringComparison.OrdinalIgnoreCase));
            if (found is null)
            {
                string known = string.Join(", ", protocol.Switches);
                throw new FileSystemException(Errno.EINVAL, "mount", $"{protocol.Name} has no switch \"{wanted}\"; it has {known}");
            }

            parsed |= found.Flag;
        }

        return parsed;
    }
}
