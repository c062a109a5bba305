using ExtShell.Format.Errors;

namespace ExtShell.Engine.Volumes;

/// <summary>
/// Is told what callers ask of a volume and what they are promised: each call once, each return once, each acknowledgement once.
/// A synchronous call is acknowledged just before it returns; an asynchronous write when its completion is delivered, which may be before
/// or after its submission returned. Acknowledgements of asynchronous writes may come in interrupt context: an observer takes notes, and
/// never calls the volume.
/// </summary>
public interface IVolumeObserver
{
    /// <summary>A call begins.</summary>
    /// <returns>
    /// The call's number: it names the call in <see cref="OnReturn"/>, <see cref="OnAcknowledged"/> and in the provenance of the bytes that
    /// it writes.
    /// </returns>
    int OnCall(in OperationCall call);

    /// <summary>An appending write has its place, under the inode lock and before it changes anything; told again if it moves.</summary>
    void OnPlaced(int call, long offsetBytes)
    {
    }

    /// <summary>The call returned to its caller, with its result or with an error.</summary>
    void OnReturn(int call, long result, Errno errno);

    /// <summary>The caller may know that what it asked for is done, or has failed.</summary>
    void OnAcknowledged(int call, long result, Errno errno);
}
