using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;

namespace ExtShell.Conformance.Tests.Kernel;

/// <summary>How a write log becomes a trace that can stand beside the kernel's.</summary>
public sealed class EngineTraceTests
{
    private readonly Machine _machine = new();
    private readonly SimulatedDisk _disk;
    private readonly WriteLog _log;

    public EngineTraceTests()
    {
        _disk = new SimulatedDisk(_machine, new PagedMemory(1 << 24), new DeviceTraits(HasVolatileCache: true, HasFua: true));
        _log = _disk.StartLog();
    }

    [Fact]
    public void Neighbours_in_flight_together_are_one_write_in_whatever_order_they_came()
    {
        Submit(8192, 4096, 1);
        Submit(4096, 4096, 2);
        Submit(12288, 4096, 3);
        Submit(65536, 4096, 4);
        _machine.RunUntilIdle();
        BlockTrace trace = EngineTrace.Of(_log);
        Assert.Equal([(4096L, 12288L), (65536L, 4096L)], trace.Events.Select(one => (one.OffsetBytes, one.LengthBytes)));
        Assert.Equal([2, 1, 3], new[] { 0, 4096, 8192 }.Select(at => trace.Events[0].Data.Span[at]));
    }

    [Fact]
    public void What_has_ended_takes_nothing_more()
    {
        Submit(0, 4096, 1);
        _machine.RunUntilIdle();
        Submit(4096, 4096, 2);
        _machine.RunUntilIdle();
        Assert.Equal(2, EngineTrace.Of(_log).Events.Count);
    }

    [Fact]
    public void Nothing_is_merged_across_a_flush_or_a_mark()
    {
        Submit(0, 4096, 1);
        _disk.Submit(new Bio(_machine).SetFlush());
        Submit(4096, 4096, 2);
        _log.Mark("phase");
        Submit(8192, 4096, 3);
        _machine.RunUntilIdle();
        Assert.Equal(
            [BlockEventKind.Write, BlockEventKind.Flush, BlockEventKind.Write, BlockEventKind.Mark, BlockEventKind.Write],
            EngineTrace.Of(_log).Events.Select(one => one.Kind));
        Assert.Equal((1, 0), EngineTrace.Of(_log).Count("phase"));
    }

    [Fact]
    public void A_request_stays_within_the_queue_s_longest()
    {
        for (int i = 0; i < 3; i++)
            Submit(i << 19, 1 << 19, (byte)i);
        _machine.RunUntilIdle();
        Assert.Equal([1L << 20, 1L << 19], EngineTrace.Of(_log).Events.Select(one => one.LengthBytes));
    }

    [Fact]
    public void A_write_with_force_unit_access_is_flush_write_flush()
    {
        _disk.Submit(new Bio(_machine).SetWrite(0, new byte[4096], default, fua: true));
        _machine.RunUntilIdle();
        Assert.Equal(
            [BlockEventKind.Flush, BlockEventKind.Write, BlockEventKind.Flush], EngineTrace.Of(_log).Events.Select(one => one.Kind));
    }

    private void Submit(long offsetBytes, int lengthBytes, byte fill)
    {
        var bytes = new byte[lengthBytes];
        bytes.AsSpan().Fill(fill);
        _disk.Submit(new Bio(_machine).SetWrite(offsetBytes, bytes, default));
    }
}
