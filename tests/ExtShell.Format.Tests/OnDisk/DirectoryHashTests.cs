using System.Runtime.InteropServices;
using System.Text;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Format.Tests.OnDisk;

public class DirectoryHashTests
{
    [Fact]
    public void Hashes_are_those_that_libext2fs_computes()
    {
        int compared = 0;
        foreach (string line in DirectoryHashTable.Rows.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = line.Trim().Split(' ');
            string name = words[2] switch { "{x255}" => new string('x', 255), "{e100}" => new string('é', 100), _ => words[2] };
            Le32Array4 seed = words[1] == "seeded" ? Seed() : default;
            (uint hash, uint minor) = DirectoryHash.Compute(Enum.Parse<DirectoryHashVersion>(words[0]), seed, Encoding.UTF8.GetBytes(name));
            Assert.Equal(line.Trim(), $"{words[0]} {words[1]} {words[2]} 0x{hash:x} 0x{minor:x}");
            compared++;
        }

        Assert.Equal(192, compared);
    }

    [Fact]
    public void The_superblocks_flags_make_a_stored_version_unsigned()
    {
        Assert.Equal(DirectoryHashVersion.HalfMd4, DirectoryHash.Effective(DirectoryHashVersion.HalfMd4, SuperBlockFlags.SignedHash));
        Assert.Equal(
            DirectoryHashVersion.HalfMd4Unsigned, DirectoryHash.Effective(DirectoryHashVersion.HalfMd4, SuperBlockFlags.UnsignedHash));
        Assert.Equal(DirectoryHashVersion.TeaUnsigned, DirectoryHash.Effective(DirectoryHashVersion.Tea, SuperBlockFlags.UnsignedHash));
        Assert.Equal(DirectoryHashVersion.SipHash, DirectoryHash.Effective(DirectoryHashVersion.SipHash, SuperBlockFlags.UnsignedHash));
    }

    [Fact]
    public void An_unknown_version_is_refused()
    {
        var error = Assert.Throws<FileSystemException>(() => DirectoryHash.Compute(DirectoryHashVersion.SipHash, default, "a"u8));
        Assert.Equal(Errno.EOPNOTSUPP, error.Errno);
    }

    private static Le32Array4 Seed()
    {
        Le32Array4 seed = default;
        Convert.FromHexString("0123456789abcdef0123456789abcdef").CopyTo(MemoryMarshal.AsBytes(new Span<Le32Array4>(ref seed)));
        return seed;
    }
}
