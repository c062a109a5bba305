using ExtShell.Engine.IO;

namespace ExtShell.Engine.Tests.IO;

/// <summary>What protocols say of themselves is complete, and names what exists.</summary>
public sealed class ProtocolDescriptionTests
{
    public static TheoryData<string> Names => [.. WriteProtocols.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_protocol_says_all_that_is_asked_of_it(string name)
    {
        ProtocolDescription said = WriteProtocols.Describe(name);
        Assert.NotEmpty(said.Invariants);
        Assert.NotEmpty(said.Windows);
        Assert.All([said.Summary, said.History, said.Locks, said.Order, said.Allocation, said.Sizes, said.Acknowledgement,
            said.InFlightCount, said.Fallback, said.Guarantees], Assert.NotEmpty);
        Assert.Contains(said.Switches, known => known.Name == "FillHolesWritten");
        Assert.Contains(said.Switches, known => known.Name == "NoOrphan");
        Assert.All(said.AsPosted, posted => Assert.Contains(said.Switches, known => known.Name == posted));
        Assert.All(said.Switches, known => Assert.NotEmpty(known.Defects));
    }

    [Fact]
    public void A_protocol_compared_with_itself_differs_in_nothing() =>
        Assert.All(WriteProtocols.Names, name => Assert.Empty(WriteProtocols.Compare(name, name)));
}
