using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Tests.Crash;

public class WriteLogFileTests
{
    [Theory]
    [InlineData(512)]
    [InlineData(4096)]
    public void WhatIsWrittenReadsBackWithTheSameStatesAtEveryFlush(int sectorSizeBytes)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            WriteLog log = Ended(RandomLogs.Make(new Random(seed), 20, 4096));
            using var file = new MemoryStream();
            WriteLogFile.Write(log, file, sectorSizeBytes);
            file.Position = 0;
            WriteLog read = WriteLogFile.Read(file, log.Start);
            Assert.Equal(Content(log), Content(read));
            Assert.Equal(
                log.Bios.Count(bio => bio.Operation == BioOperation.Flush), read.Bios.Count(bio => bio.Operation == BioOperation.Flush));
        }
    }

    [Fact]
    public void WhatLiesBetweenTwoFlushesIsReadAsASet()
    {
        var machine = new Machine();
        var disk = new SimulatedDisk(machine, new PagedMemory(65536), new DeviceTraits());
        WriteLog log = disk.StartLog();
        for (int block = 0; block < 3; block++)
        {
            disk.Submit(new Bio(machine).SetWrite(block * 4096, Block(block), default));
            machine.FireNow(disk, 0);
        }

        log.Mark("before the flush");
        disk.Submit(new Bio(machine).SetFlush());
        machine.FireNow(disk, 0);
        using var file = new MemoryStream();
        WriteLogFile.Write(log, file);
        file.Position = 0;
        WriteLog read = WriteLogFile.Read(file, log.Start);
        Assert.Equal([8, 1], new EpochReader(read, new DeviceModel()).Read().Select(epoch => (int)epoch.States));
        Assert.Equal("before the flush", Assert.Single(read.Marks).Text);
    }

    [Fact]
    public void HostileFilesEndInTypedErrors()
    {
        WriteLog log = Ended(RandomLogs.Make(new Random(3), 20, 512));
        using var file = new MemoryStream();
        WriteLogFile.Write(log, file);
        byte[] sound = file.ToArray();
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] bytes = random.Next(3) == 0 ? sound[..random.Next(sound.Length)] : sound.AsSpan().ToArray();
            for (int change = 0; change < 3 && bytes.Length > 32; change++)
            {
                int at = 512 * random.Next(bytes.Length / 512 + 1) + random.Next(32);
                bytes[at < bytes.Length ? at : 0] = (byte)random.Next(256);
            }


            try
            {
                WriteLogFile.Read(new MemoryStream(bytes), log.Start);
            }
            catch (CorruptionException damage)
            {
                Assert.Equal("write log", damage.Structure);
                refused++;
            }
        }

        Assert.True(refused > 100, $"{refused} refused");
    }

    private static byte[] Block(int value)
    {
        var block = new byte[4096];
        block.AsSpan().Fill((byte)(value + 1));
        return block;
    }

    /// <summary>
    /// The log without what is in flight at its end, and without overlaps, whose order the file does not keep between flushes.
    /// </summary>
    private static WriteLog Ended(WriteLog log)
    {
        var machine = new Machine();
        var disk = new SimulatedDisk(
            machine, new PagedMemory(RandomLogs.LengthBytes), new DeviceTraits(HasVolatileCache: true, HasFua: true));
        WriteLog ended = disk.StartLog();
        foreach (LoggedBio bio in log.Bios)
        {
            var copy = new Bio(machine);
            disk.Submit(bio.Operation == BioOperation.Flush
                ? copy.SetFlush()
                : copy.SetWrite(bio.OffsetBytes, bio.Data.ToArray(), default, bio.IsFua));
            machine.FireNow(disk, 0);
        }

        return ended;
    }

    private static byte[] Content(WriteLog log)
    {
        IStorage storage = log.Start.Snapshot();
        foreach (LoggedBio bio in log.Bios)
        {
            if (bio.Operation == BioOperation.Write)
                storage.Write(bio.OffsetBytes, bio.Data.Span);
        }

        return storage.Read(0, (int)storage.LengthBytes).ToArray();
    }
}
