using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Lab.Crash;

namespace ExtShell.Lab.Tests.Crash;

/// <summary>
/// The epochs against the device's rules taken at their word: at every cut of random logs each 512-byte stretch may hold exactly what the
/// rules allow, worked out for that cut alone from the log, without epochs, cells or anything kept from one cut to the next.
/// </summary>
public class EpochReaderTests
{
    private const int UnitBytes = 512;

    [Theory]
    [InlineData(BarrierMode.Flush, true)]
    [InlineData(BarrierMode.Drain, true)]
    [InlineData(BarrierMode.Ignored, true)]
    [InlineData(BarrierMode.Flush, false)]
    public void EveryStretchMayHoldAtEveryCutWhatTheRulesAllow(BarrierMode barrier, bool hasVolatileCache)
    {
        int several = 0;
        for (int seed = 0; seed < 60; seed++)
        {
            WriteLog log = RandomLogs.Make(new Random(seed), 24, UnitBytes, failsOneOf: seed % 2 == 0 ? 4 : int.MaxValue);
            var model = new DeviceModel(UnitBytes, barrier, hasVolatileCache);
            int next = 0;
            foreach (Epoch epoch in new EpochReader(log, model).Read())
            {
                Assert.Equal(next, epoch.Cuts.First);
                next = epoch.Cuts.Last + 1;
                for (int cut = epoch.Cuts.First; cut <= epoch.Cuts.Last; cut++)
                {
                    for (int offset = 0; offset < RandomLogs.LengthBytes; offset += UnitBytes)
                    {
                        string expected = Text(Allowed(log, model, offset, cut));
                        several += expected.Contains(' ', StringComparison.Ordinal) ? 1 : 0;
                        Assert.True(
                            expected == Text(Held(epoch, offset, cut)), $"seed {seed}, cut {cut}, offset {offset}: {expected} is allowed");
                    }
                }
            }

            Assert.Equal(log.Position + 1, next);
        }

        Assert.True(several > 500 || !hasVolatileCache, $"{several} stretches were undecided");
    }

    private static IEnumerable<byte[]> Held(Epoch epoch, int offset, int cut)
    {
        if (epoch.Cells.FirstOrDefault(cell => cell.OffsetBytes <= offset && offset < cell.OffsetBytes + cell.LengthBytes) is not { } found)
            return [epoch.Durable.Read(offset, UnitBytes).ToArray()];
        return found.Versions.Where(version => version.PossibleFrom <= cut)
            .Select(version => version.Bytes.Slice((int)(offset - found.OffsetBytes), UnitBytes).ToArray());
    }

    private static IEnumerable<byte[]> Allowed(WriteLog log, DeviceModel model, int offset, int cut)
    {
        LoggedBio[] writes = [.. log.Bios.Where(bio =>
            bio.Operation != BioOperation.Flush && bio.SubmittedAt < cut && bio.OffsetBytes <= offset
                && offset < bio.OffsetBytes + bio.LengthBytes)];
        LoggedBio[] durable = [.. writes.Where(write => IsDurable(log, model, write, cut))];
        if (durable.Length == 0)
            yield return log.Start.Read(offset, UnitBytes).ToArray();
        foreach (LoggedBio write in writes)
        {
            if (!durable.Any(later => write.CompletedAt < later.SubmittedAt))
                yield return write.Data.Slice((int)(offset - write.OffsetBytes), UnitBytes).ToArray();
        }
    }

    private static bool IsDurable(WriteLog log, DeviceModel model, LoggedBio write, int cut)
    {
        bool hasEnded = write.CompletedAt < cut && write.Error == Errno.None;
        if (!model.HasVolatileCache)
            return hasEnded;
        if (model.Barrier == BarrierMode.Ignored)
            return false;
        if (hasEnded && write.IsFua)
            return true;
        return log.Bios.Any(flush =>
            flush.Operation == BioOperation.Flush && flush.CompletedAt < cut && flush.Error == Errno.None
            && (model.Barrier == BarrierMode.Drain
                ? write.SubmittedAt < flush.SubmittedAt && (write.CompletedAt == int.MaxValue || write.Error == Errno.None)
                : write.CompletedAt < flush.SubmittedAt && write.Error == Errno.None));
    }

    private static string Text(IEnumerable<byte[]> contents) =>
        string.Join(' ', contents.Select(bytes => Convert.ToHexString(bytes)).Distinct().Order(StringComparer.Ordinal));
}
