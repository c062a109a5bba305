using System.Buffers.Binary;
using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Checksums;
using ExtShell.Format.Errors;

namespace ExtShell.Lab.Tests.Crash;

/// <summary>Write logs of no file system: random writes, ends and flushes on a small disk.</summary>
internal static class RandomLogs
{
    public const int LengthBytes = 32 * 1024;

    /// <summary>
    /// Aligned stretches of this length carry the low half of their sum in their first two bytes, where one write wrote them whole.
    /// </summary>
    public const int SummedBytes = 1024;

    public static WriteLog Make(Random random, int steps, int alignBytes, int failsOneOf = int.MaxValue)
    {
        var machine = new Machine();
        var disk = new SimulatedDisk(machine, new PagedMemory(LengthBytes), new DeviceTraits(HasVolatileCache: true, HasFua: true));
        WriteLog log = disk.StartLog();
        if (failsOneOf != int.MaxValue)
            disk.FaultPlan = _ => random.Next(failsOneOf) == 0 ? Errno.EIO : Errno.None;
        for (int i = 0; i < steps; i++)
        {
            int kind = random.Next(10);
            if (kind < 5)
            {
                int length = alignBytes * random.Next(1, Math.Min(5, 8192 / alignBytes) + 1);
                long offset = alignBytes * random.NextInt64((LengthBytes - length) / alignBytes);
                var bytes = new byte[length];
                // Few distinct values: versions often agree in part, or wholly.
                for (int at = 0; at < length; at += 512)
                    bytes.AsSpan(at, Math.Min(512, length - at)).Fill((byte)random.Next(4));
                for (int at = 0; at + SummedBytes <= length && offset % SummedBytes == 0; at += SummedBytes)
                    BinaryPrimitives.WriteUInt16LittleEndian(
                        bytes.AsSpan(at), (ushort)Crc32C.Update(7, bytes.AsSpan(at + 4, SummedBytes - 4)));
                disk.Submit(new Bio(machine).SetWrite(offset, bytes, default, fua: random.Next(6) == 0));
            }
            else if (kind < 9 && disk.PendingCount > 0)
            {
                machine.FireNow(disk, random.Next(disk.PendingCount));
            }
            else
            {
                disk.Submit(new Bio(machine).SetFlush());
            }
        }

        return log;
    }
}
