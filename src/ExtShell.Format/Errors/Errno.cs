namespace ExtShell.Format.Errors;

/// <summary>The error numbers that file operations answer; the values are Linux's (<c>errno(3)</c>, asm-generic).</summary>
public enum Errno
{
    /// <summary>No error.</summary>
    None = 0,
    /// <summary>Operation not permitted.</summary>
    EPERM = 1,
    /// <summary>No such file or directory.</summary>
    ENOENT = 2,
    /// <summary>Input or output error.</summary>
    EIO = 5,
    /// <summary>No such device or address: a fifo, socket or device is no file to read.</summary>
    ENXIO = 6,
    /// <summary>Argument list too long: the value of an attribute is too large.</summary>
    E2BIG = 7,
    /// <summary>Bad file descriptor: the handle is closed, or not open for that.</summary>
    EBADF = 9,
    /// <summary>Would block.</summary>
    EAGAIN = 11,
    /// <summary>Permission denied.</summary>
    EACCES = 13,
    /// <summary>Bad address: an access to a mapping that has no page behind it (SIGBUS, SIGSEGV).</summary>
    EFAULT = 14,
    /// <summary>Resource busy.</summary>
    EBUSY = 16,
    /// <summary>File exists.</summary>
    EEXIST = 17,
    /// <summary>Invalid cross-device link.</summary>
    EXDEV = 18,
    /// <summary>The file cannot do that: a directory is not mapped.</summary>
    ENODEV = 19,
    /// <summary>Not a directory.</summary>
    ENOTDIR = 20,
    /// <summary>Is a directory.</summary>
    EISDIR = 21,
    /// <summary>Invalid argument.</summary>
    EINVAL = 22,
    /// <summary>Text file busy.</summary>
    ETXTBSY = 26,
    /// <summary>File too large.</summary>
    EFBIG = 27,
    /// <summary>No space left on the volume.</summary>
    ENOSPC = 28,
    /// <summary>Read-only file system.</summary>
    EROFS = 30,
    /// <summary>Too many links.</summary>
    EMLINK = 31,
    /// <summary>Out of range: the name of an attribute is empty or too long.</summary>
    ERANGE = 34,
    /// <summary>File name too long.</summary>
    ENAMETOOLONG = 36,
    /// <summary>Directory not empty.</summary>
    ENOTEMPTY = 39,
    /// <summary>Too many levels of symbolic links.</summary>
    ELOOP = 40,
    /// <summary>Bad message: a checksum does not match (Linux's EFSBADCRC).</summary>
    EBADMSG = 74,
    /// <summary>No data: the attribute is not there.</summary>
    ENODATA = 61,
    /// <summary>Operation not supported.</summary>
    EOPNOTSUPP = 95,
    /// <summary>Quota exceeded.</summary>
    EDQUOT = 122,
    /// <summary>Structure needs cleaning: the file system is corrupted (Linux's EFSCORRUPTED).</summary>
    EUCLEAN = 117,
}
