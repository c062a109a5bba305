using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>
/// Is told that an asynchronous direct write is acknowledged: in worker or interrupt context, so it takes notes and wakes, nothing else.
/// </summary>
public interface IDirectWriteEnd
{
    /// <summary>The write is done or has failed.</summary>
    /// <param name="lengthBytes">How many bytes were written; 0 if it failed.</param>
    /// <param name="error">How it failed.</param>
    void Acknowledge(long lengthBytes, Errno error);
}
