using ExtShell.Engine.Kernel;

namespace ExtShell.Engine.Tests.Caching;

public sealed class ByteArenaTests
{
    [Fact]
    public void WhatWasTakenIsNobodyElsesUntilTheReset()
    {
        var arena = new ByteArena();
        byte[] first = arena.Take(4096);
        byte[] second = arena.Copy(new byte[4096]);
        Assert.NotSame(first, second);
        first.AsSpan().Fill(7);
        Assert.All(second, value => Assert.Equal(0, value));

        arena.Reset();
        byte[] again = arena.Take(4096);
        Assert.Same(first, again);
        Assert.All(again, value => Assert.Equal(0, value));
        Assert.Equal([1, 2, 3], arena.Copy([1, 2, 3]));
    }

    [Fact]
    public void NotMoreIsKeptThanItSays()
    {
        var arena = new ByteArena();
        for (int i = 0; i < 8; i++)
            arena.Take(1 << 20);
        byte[] last = arena.Take(1 << 20);
        arena.Reset();
        for (int i = 0; i < 16; i++)
            Assert.NotSame(last, arena.Take(1 << 20));
    }
}
