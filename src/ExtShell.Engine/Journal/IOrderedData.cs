namespace ExtShell.Engine.Journal;

/// <summary>A file whose data must be on the device before the transaction that refers to it commits (data=ordered).</summary>
public interface IOrderedData
{
    /// <summary>
    /// Submits what is dirty and already mapped in the range. It may wait for older write-back of the range, not for handles or commits.
    /// </summary>
    /// <param name="offsetBytes">Where in the file.</param>
    /// <param name="lengthBytes">How long.</param>
    ValueTask SubmitOrderedAsync(long offsetBytes, long lengthBytes);

    /// <summary>Waits until nothing of the range is on its way to the device.</summary>
    /// <param name="offsetBytes">Where in the file.</param>
    /// <param name="lengthBytes">How long.</param>
    /// <remarks>An error does not stop the commit: it is the file's, for its next fsync.</remarks>
    ValueTask WaitForOrderedAsync(long offsetBytes, long lengthBytes);
}
