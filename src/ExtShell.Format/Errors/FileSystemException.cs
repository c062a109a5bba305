namespace ExtShell.Format.Errors;

/// <summary>A file operation failed for a reason that is the caller's business: it carries the errno that Linux would return.</summary>
public sealed class FileSystemException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="errno">What Linux would return.</param>
    /// <param name="what">The operation and its object, such as <c>create /log</c>.</param>
    /// <param name="why">The reason in a sentence without a full stop.</param>
    public FileSystemException(Errno errno, string what, string why)
        : base($"{what}: {why} ({errno})")
    {
        Errno = errno;
        Operation = what;
    }

    /// <summary>What Linux would return.</summary>
    public Errno Errno { get; }

    /// <summary>The operation and its object.</summary>
    public string Operation { get; }
}
