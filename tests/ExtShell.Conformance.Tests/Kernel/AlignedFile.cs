using System.Runtime.InteropServices;

namespace ExtShell.Conformance.Tests.Kernel;

/// <summary>A file of a mounted volume, written around the page cache or through it, synchronously or by AIO.</summary>
internal sealed unsafe class AlignedFile : IDisposable
{
    private const int AlignmentBytes = 4096;
    private const int ControlBlockSizeBytes = 64;
    private const int EventSizeBytes = 32;
    private const ushort PositionedWriteCommand = 1;

    private readonly int _descriptor;

    /// <summary>Opens a file; <paramref name="flags"/> are open(2)'s, O_RDWR is added.</summary>
    public AlignedFile(string path, int flags = 0) => _descriptor = LinuxCalls.Open(path, flags | LinuxCalls.OpenReadWrite);

    /// <summary>Writes bytes at an offset.</summary>
    public void Write(long offsetBytes, ReadOnlySpan<byte> bytes)
    {
        byte* aligned = Aligned(bytes);
        try
        {
            LinuxCalls.PositionedWrite(_descriptor, aligned, bytes.Length, offsetBytes);
        }
        finally
        {
            NativeMemory.AlignedFree(aligned);
        }
    }

    /// <summary>Submits writes together by AIO, in this order, and waits for all of them.</summary>
    public void WriteAsynchronously(params (long OffsetBytes, byte[] Bytes)[] writes)
    {
        nuint context = LinuxCalls.AioSetup(writes.Length);
        var buffers = new nint[writes.Length];
        byte* controls = stackalloc byte[ControlBlockSizeBytes * writes.Length];
        byte** pointers = stackalloc byte*[writes.Length];
        byte* events = stackalloc byte[EventSizeBytes * writes.Length];
        try
        {
            for (int i = 0; i < writes.Length; i++)
            {
                buffers[i] = (nint)Aligned(writes[i].Bytes);
                pointers[i] = controls + (ControlBlockSizeBytes * i);
                FillControlBlock(pointers[i], (byte*)buffers[i], writes[i].Bytes.Length, writes[i].OffsetBytes);
            }

            Assert.Equal(writes.Length, LinuxCalls.AioSubmit(context, pointers, writes.Length));
            Assert.Equal(writes.Length, LinuxCalls.AioWait(context, writes.Length, events));
            for (int i = 0; i < writes.Length; i++)
                Assert.Equal(writes[i].Bytes.Length, *(long*)(events + (EventSizeBytes * i) + 16));
        }
        finally
        {
            LinuxCalls.AioDestroy(context);
            foreach (nint buffer in buffers)
                NativeMemory.AlignedFree((void*)buffer);
        }
    }

    public void Fallocate(long offsetBytes, long lengthBytes) => LinuxCalls.Fallocate(_descriptor, 0, offsetBytes, lengthBytes);

    public void Truncate(long lengthBytes) => LinuxCalls.Truncate(_descriptor, lengthBytes);

    public void Fsync() => LinuxCalls.Fsync(_descriptor);

    public void Fdatasync() => LinuxCalls.Fdatasync(_descriptor);

    /// <inheritdoc/>
    public void Dispose() => LinuxCalls.Close(_descriptor);

    /// <summary>struct iocb (include/uapi/linux/aio_abi.h), of a machine that is little-endian.</summary>
    private void FillControlBlock(byte* control, byte* bytes, int length, long offset)
    {
        new Span<byte>(control, ControlBlockSizeBytes).Clear();
        *(ushort*)(control + 16) = PositionedWriteCommand;
        *(int*)(control + 20) = _descriptor;
        *(ulong*)(control + 24) = (ulong)bytes;
        *(ulong*)(control + 32) = (ulong)length;
        *(long*)(control + 40) = offset;
    }

    private static byte* Aligned(ReadOnlySpan<byte> bytes)
    {
        var aligned = (byte*)NativeMemory.AlignedAlloc((nuint)bytes.Length, AlignmentBytes);
        bytes.CopyTo(new Span<byte>(aligned, bytes.Length));
        return aligned;
    }
}
