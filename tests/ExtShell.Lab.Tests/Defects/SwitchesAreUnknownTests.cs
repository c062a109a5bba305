using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using ExtShell.Check;
using ExtShell.Engine.IO;
using ExtShell.Lab.Scheduling;

namespace ExtShell.Lab.Tests.Defects;

/// <summary>
/// What finds the defects knows none of them: neither the laboratory nor the checker refers to a switch, by type or by name.
/// </summary>
public sealed class SwitchesAreUnknownTests
{
    [Theory]
    [InlineData(typeof(ScheduleSearch))]
    [InlineData(typeof(ImageChecker))]
    public void An_assembly_that_judges_names_no_switch(Type inside)
    {
        HashSet<string> switches = [.. WriteProtocols.All.SelectMany(protocol => protocol.Switches)
            .Select(known => known.Name.Split(':')[^1])];
        using var file = new PEReader(File.OpenRead(inside.Assembly.Location));
        MetadataReader metadata = file.GetMetadataReader();
        Assert.DoesNotContain(metadata.TypeReferences,
            handle => metadata.GetString(metadata.GetTypeReference(handle).Name).EndsWith("Switches", StringComparison.Ordinal));
        Assert.DoesNotContain(
            metadata.MemberReferences, handle => switches.Contains(metadata.GetString(metadata.GetMemberReference(handle).Name)));
        int literals = 0;
        for (UserStringHandle handle = MetadataTokens.UserStringHandle(1); !handle.IsNil;
            handle = metadata.GetNextHandle(handle), literals++)
            Assert.DoesNotContain(switches, name => metadata.GetUserString(handle).Contains(name, StringComparison.Ordinal));
        Assert.True(literals > 100, "the literals were read");
    }

    [Fact]
    public void The_engine_does_name_them() =>
        Assert.Contains("FillHolesWritten", WriteProtocols.Describe("Ext4Iomap2023").Switches.Select(known => known.Name));
}
