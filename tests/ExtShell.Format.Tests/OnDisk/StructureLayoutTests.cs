using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExtShell.Format.Journal;
using ExtShell.Format.OnDisk;

namespace ExtShell.Format.Tests.OnDisk;

/// <summary>Fields are found by what they change: each is filled with ones, and the bytes that became ones are its place.</summary>
public class StructureLayoutTests
{
    [Fact]
    public void SuperBlock_has_every_field_in_its_place() => AssertLayout<SuperBlock>(StructureLayoutTable.SuperBlock);

    [Fact]
    public void GroupDescriptor_has_every_field_in_its_place() => AssertLayout<GroupDescriptor>(StructureLayoutTable.GroupDescriptor);

    [Fact]
    public void InodeRecord_has_every_field_in_its_place() => AssertLayout<InodeRecord>(StructureLayoutTable.InodeRecord);

    [Fact]
    public void ExtentHeader_has_every_field_in_its_place() => AssertLayout<ExtentHeader>(StructureLayoutTable.ExtentHeader);

    [Fact]
    public void ExtentLeaf_has_every_field_in_its_place() => AssertLayout<ExtentLeaf>(StructureLayoutTable.ExtentLeaf);

    [Fact]
    public void ExtentIndex_has_every_field_in_its_place() => AssertLayout<ExtentIndex>(StructureLayoutTable.ExtentIndex);

    [Fact]
    public void ExtentTail_has_every_field_in_its_place() => AssertLayout<ExtentTail>(StructureLayoutTable.ExtentTail);

    [Fact]
    public void DirectoryEntryHeader_has_every_field_in_its_place() =>
        AssertLayout<DirectoryEntryHeader>(StructureLayoutTable.DirectoryEntryHeader);

    [Fact]
    public void DirectoryTail_has_every_field_in_its_place() => AssertLayout<DirectoryTail>(StructureLayoutTable.DirectoryTail);

    [Fact]
    public void DxEntry_has_every_field_in_its_place() => AssertLayout<DxEntry>(StructureLayoutTable.DxEntry);

    [Fact]
    public void DxCountLimit_has_every_field_in_its_place() => AssertLayout<DxCountLimit>(StructureLayoutTable.DxCountLimit);

    [Fact]
    public void DxTail_has_every_field_in_its_place() => AssertLayout<DxTail>(StructureLayoutTable.DxTail);

    [Fact]
    public void XattrHeader_has_every_field_in_its_place() => AssertLayout<XattrHeader>(StructureLayoutTable.XattrHeader);

    [Fact]
    public void XattrEntry_has_every_field_in_its_place() => AssertLayout<XattrEntry>(StructureLayoutTable.XattrEntry);

    [Fact]
    public void OrphanBlockTail_has_every_field_in_its_place() => AssertLayout<OrphanBlockTail>(StructureLayoutTable.OrphanBlockTail);

    [Fact]
    public void JournalHeader_has_every_field_in_its_place() => AssertLayout<JournalHeader>(StructureLayoutTable.JournalHeader);

    [Fact]
    public void JournalSuperBlock_has_every_field_in_its_place() => AssertLayout<JournalSuperBlock>(StructureLayoutTable.JournalSuperBlock);

    [Fact]
    public void BlockTag3_has_every_field_in_its_place() => AssertLayout<BlockTag3>(StructureLayoutTable.BlockTag3);

    [Fact]
    public void BlockTag_has_every_field_in_its_place() => AssertLayout<BlockTag>(StructureLayoutTable.BlockTag);

    [Fact]
    public void JournalBlockTail_has_every_field_in_its_place() => AssertLayout<JournalBlockTail>(StructureLayoutTable.JournalBlockTail);

    [Fact]
    public void RevokeHeader_has_every_field_in_its_place() => AssertLayout<RevokeHeader>(StructureLayoutTable.RevokeHeader);

    [Fact]
    public void CommitRecord_has_every_field_in_its_place() => AssertLayout<CommitRecord>(StructureLayoutTable.CommitRecord);

    [Fact]
    public void DxRoot_has_every_field_in_its_place() => AssertLayout<DxRoot>(StructureLayoutTable.DxRoot);

    [Fact]
    public void DxNode_has_every_field_in_its_place() => AssertLayout<DxNode>(StructureLayoutTable.DxNode);

    [Fact]
    public void FastCommitTagLength_has_every_field_in_its_place() =>
        AssertLayout<FastCommitTagLength>(StructureLayoutTable.FastCommitTagLength);

    [Fact]
    public void FastCommitHead_has_every_field_in_its_place() => AssertLayout<FastCommitHead>(StructureLayoutTable.FastCommitHead);

    [Fact]
    public void FastCommitAddRange_has_every_field_in_its_place() =>
        AssertLayout<FastCommitAddRange>(StructureLayoutTable.FastCommitAddRange);

    [Fact]
    public void FastCommitDeleteRange_has_every_field_in_its_place() =>
        AssertLayout<FastCommitDeleteRange>(StructureLayoutTable.FastCommitDeleteRange);

    [Fact]
    public void FastCommitDirectoryEntry_has_every_field_in_its_place() =>
        AssertLayout<FastCommitDirectoryEntry>(StructureLayoutTable.FastCommitDirectoryEntry);

    [Fact]
    public void FastCommitInode_has_every_field_in_its_place() => AssertLayout<FastCommitInode>(StructureLayoutTable.FastCommitInode);

    [Fact]
    public void FastCommitTail_has_every_field_in_its_place() => AssertLayout<FastCommitTail>(StructureLayoutTable.FastCommitTail);

    [Theory]
    [InlineData(typeof(SuperBlock), 1024)]
    [InlineData(typeof(GroupDescriptor), 64)]
    [InlineData(typeof(InodeRecord), 160)]
    [InlineData(typeof(ExtentHeader), 12)]
    [InlineData(typeof(ExtentLeaf), 12)]
    [InlineData(typeof(ExtentIndex), 12)]
    [InlineData(typeof(ExtentTail), 4)]
    [InlineData(typeof(DirectoryEntryHeader), 8)]
    [InlineData(typeof(DirectoryTail), 12)]
    [InlineData(typeof(DxRoot), 32)]
    [InlineData(typeof(DxNode), 8)]
    [InlineData(typeof(DxEntry), 8)]
    [InlineData(typeof(DxCountLimit), 4)]
    [InlineData(typeof(DxTail), 8)]
    [InlineData(typeof(XattrHeader), 32)]
    [InlineData(typeof(XattrEntry), 16)]
    [InlineData(typeof(OrphanBlockTail), 8)]
    [InlineData(typeof(JournalHeader), 12)]
    [InlineData(typeof(JournalSuperBlock), 1024)]
    [InlineData(typeof(BlockTag), 12)]
    [InlineData(typeof(BlockTag3), 16)]
    [InlineData(typeof(JournalBlockTail), 4)]
    [InlineData(typeof(RevokeHeader), 16)]
    [InlineData(typeof(CommitRecord), 60)]
    [InlineData(typeof(FastCommitTagLength), 4)]
    [InlineData(typeof(FastCommitHead), 8)]
    [InlineData(typeof(FastCommitAddRange), 16)]
    [InlineData(typeof(FastCommitDeleteRange), 12)]
    [InlineData(typeof(FastCommitDirectoryEntry), 8)]
    [InlineData(typeof(FastCommitInode), 4)]
    [InlineData(typeof(FastCommitTail), 8)]
    public void A_structure_has_the_formats_size(Type structure, int sizeBytes)
    {
        MethodInfo sizeOf = typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(structure);
        Assert.Equal(sizeBytes, (int)sizeOf.Invoke(null, null)!);
    }

    private static void AssertLayout<T>(string table)
        where T : struct
    {
        int listed = 0;
        foreach (string line in table.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Trim().Split(' ');
            int offsetBytes = int.Parse(words[2].AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            int sizeBytes = int.Parse(words[3], CultureInfo.InvariantCulture);
            FieldInfo? field = typeof(T).GetField(words[0]);
            Assert.True(field is not null, $"{typeof(T).Name} has no field {words[0]} ({words[1]})");
            Assert.Equal((words[0], offsetBytes, sizeBytes), Measure<T>(field));
            listed++;
        }

        Assert.Equal(typeof(T).GetFields(BindingFlags.Public | BindingFlags.Instance).Length, listed);
    }

    private static (string Name, int OffsetBytes, int SizeBytes) Measure<T>(FieldInfo field)
        where T : struct
    {
        object boxed = default(T);
        object ones = typeof(StructureLayoutTests).GetMethod(nameof(Ones), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(field.FieldType).Invoke(null, null)!;
        field.SetValue(boxed, ones);
        var value = (T)boxed;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value));
        int first = bytes.IndexOfAnyExcept((byte)0);
        int last = bytes.LastIndexOfAnyExcept((byte)0);
        return (field.Name, first, last - first + 1);
    }

    private static TField Ones<TField>()
        where TField : struct
    {
        TField field = default;
        MemoryMarshal.AsBytes(new Span<TField>(ref field)).Fill(0xFF);
        return field;
    }
}
