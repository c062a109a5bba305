using ExtShell.Engine.Devices;
using ExtShell.Format.Errors;
using ExtShell.TestTools;

namespace ExtShell.Engine.Tests.Volumes;

public sealed class ImageFileTests
{
    private const long LengthBytes = 1 << 20;

    [Fact]
    public void A_file_has_one_writer_and_any_number_of_readers()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("image");
        using (ImageFile first = ImageFile.Create(path, LengthBytes))
        {
            AssertBusy(() => ImageFile.Open(path));
            using ImageFile reader = ImageFile.Open(path, isReadOnly: true);
            using ImageFile another = ImageFile.Open(path, isReadOnly: true);
        }

        ImageFile.Open(path).Dispose();
    }

    [Fact]
    public void A_file_that_is_open_is_not_replaced_not_even_under_another_name()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("image"), link = folder.File("link");
        ImageFile.Create(path, LengthBytes).Dispose();
        File.CreateSymbolicLink(link, path);
        using (ImageFile reader = ImageFile.Open(path, isReadOnly: true))
        {
            AssertBusy(() => ImageFile.Create(path, LengthBytes / 2));
            AssertBusy(() => ImageFile.Create(link, LengthBytes / 2));
            Assert.Equal(0, reader.Read(LengthBytes - 1, 1)[0]);
        }

        ImageFile.Create(link, LengthBytes / 2).Dispose();
        Assert.Equal(LengthBytes / 2, new FileInfo(path).Length);
    }

    [Fact]
    public void A_file_whose_user_has_done_with_it_is_free_though_it_is_open()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("image");
        bool isUsed = true;
        using ImageFile first = ImageFile.Create(path, LengthBytes);
        first.HoldWhile(() => isUsed);
        AssertBusy(() => ImageFile.Open(path));
        isUsed = false;
        ImageFile.Open(path).Dispose();
    }

    [Fact]
    public void A_file_that_cannot_be_opened_is_not_claimed()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("image");
        Assert.Throws<FileSystemException>(() => ImageFile.Open(path));
        Assert.Throws<DirectoryNotFoundException>(() => ImageFile.Create(folder.File("no/such"), LengthBytes));
        ImageFile.Create(path, LengthBytes).Dispose();
    }

    private static void AssertBusy(Func<ImageFile> open) => Assert.Equal(Errno.EBUSY, Assert.Throws<FileSystemException>(open).Errno);
}
