using ExtShell.Engine.Tests.Volumes;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Tests.IO;

/// <summary>A volume on which nothing is free.</summary>
internal static class FullVolume
{
    /// <summary>Allocates every free block, those kept for conversions too.</summary>
    public static void Fill(TestVolume host)
    {
        host.Volume.Context.Blocks.ConversionReserveBlocks = 0;
        using FileHandle filler = host.Volume.Create("filler");
        const int Block = 4096;
        long at = 0;
        for (int blocks = 512; blocks > 0; blocks /= 2)
        {
            try
            {
                while (true)
                {
                    filler.Fallocate(at, blocks * Block);
                    at += blocks * Block;
                }
            }
            catch (FileSystemException)
            {
                at = filler.Stat().SizeBytes;
            }
        }

        Assert.Equal(0, host.Volume.GetStatistics().FreeBlocks);
    }
}
