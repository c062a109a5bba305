using System.Globalization;
using System.Runtime.InteropServices;
using ExtShell.Conformance.Tests.Kernel;

namespace ExtShell.Conformance.Tests.KernelCalls;

/// <summary>Writes in flight by the kernel's AIO (io_submit, io_getevents), each by its tag.</summary>
internal sealed unsafe class AsynchronousWrites : IDisposable
{
    private const int Alignment = 4096;
    private const int MostInFlight = 64;
    private const int ControlBlockSizeBytes = 64;
    private const int EventSizeBytes = 32;
    private const ushort PositionedWriteCommand = 1;

    private readonly nuint _context = LinuxCalls.AioSetup(MostInFlight);
    private readonly Dictionary<int, nint> _buffers = [];
    private readonly Dictionary<int, long> _ended = [];

    /// <summary>Submits a write; says how io_submit ended.</summary>
    public string Start(int descriptor, VolumeCall call)
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc((nuint)call.Length + Alignment, Alignment);
        call.Bytes().CopyTo(new Span<byte>(memory, (int)call.Length));
        byte* control = stackalloc byte[ControlBlockSizeBytes]; // struct iocb, include/uapi/linux/aio_abi.h
        new Span<byte>(control, ControlBlockSizeBytes).Clear();
        *(long*)control = call.Tag;
        *(int*)(control + 12) = KernelCaller.WriteFlags(call);
        *(ushort*)(control + 16) = PositionedWriteCommand;
        *(int*)(control + 20) = descriptor;
        *(byte**)(control + 24) = memory;
        *(long*)(control + 32) = call.Length;
        *(long*)(control + 40) = call.Offset;
        int error = LinuxCalls.TrySubmit(_context, control);
        if (error != 0)
        {
            NativeMemory.AlignedFree(memory);
            return error.ToString(CultureInfo.InvariantCulture) + "!";
        }

        _buffers.Add(call.Tag, (nint)memory);
        return "0";
    }

    /// <summary>Waits for a write; says how it ended.</summary>
    public string Wait(int tag)
    {
        if (!_buffers.Remove(tag, out nint memory))
            return "not started";
        byte* happened = stackalloc byte[EventSizeBytes];
        while (!_ended.ContainsKey(tag))
        {
            Assert.Equal(1, LinuxCalls.AioWait(_context, 1, happened));
            _ended.Add((int)*(long*)happened, *(long*)(happened + 16));
        }

        NativeMemory.AlignedFree((void*)memory);
        _ended.Remove(tag, out long result);
        return result >= 0 ? result.ToString(CultureInfo.InvariantCulture) : (-result).ToString(CultureInfo.InvariantCulture) + "!";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        LinuxCalls.AioDestroy(_context); // waits for all that is in flight
        foreach (nint memory in _buffers.Values)
            NativeMemory.AlignedFree((void*)memory);
    }
}
