using ExtShell.Format.Errors;
using ExtShell.Lab.Verbs;

namespace ExtShell.Lab.Tests.Verbs;

public sealed class SizeTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("4096", 4096)]
    [InlineData("512B", 512)]
    [InlineData("4K", 4096)]
    [InlineData("4 kib", 4096)]
    [InlineData(" 64MiB ", 64L << 20)]
    [InlineData("64MB", 64L << 20)]
    [InlineData("64m", 64L << 20)]
    [InlineData("1.5G", 3L << 29)]
    [InlineData("2T", 2L << 40)]
    public void ASizeIsANumberWithAUnit(string text, long expected) => Assert.Equal(expected, SizeText.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("M")]
    [InlineData("-1")]
    [InlineData("many")]
    [InlineData("1.5")]
    [InlineData("1.2.3K")]
    [InlineData("4KiBs")]
    [InlineData("4X")]
    [InlineData("0x1000")]
    [InlineData("9000000000000T")]
    [InlineData("79228162514264337593543950335T")]
    public void WhatIsNoSizeIsRefusedByName(string text)
    {
        var failure = Assert.Throws<FileSystemException>(() => SizeText.Parse(text));
        Assert.Equal(Errno.EINVAL, failure.Errno);
        Assert.Contains($"'{text}'", failure.Message, StringComparison.Ordinal);
    }
}
