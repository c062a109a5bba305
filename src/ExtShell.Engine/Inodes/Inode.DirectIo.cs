using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.Inodes;

/// <summary>What direct I/O keeps of an inode between calls.</summary>
/// <remarks>
/// An extension is a direct write whose end lies beyond the disk size, from before its blocks are mapped until its data is reachable or it
/// has failed. While one is under way nobody else raises the disk size over its data: what they would have raised it to is owed, and the
/// last extension pays.
/// </remarks>
public sealed partial class Inode
{
    private readonly WaitCondition _noDirectIo;
    private WaitCondition? _noExtensions;
    private int _extensionsCount;
    private long _owedDiskSizeBytes;

    /// <summary>Direct I/Os that truncate and punch wait for.</summary>
    public int InFlightCount
    {
        get
        {
            Touch(InodePart.InFlight, AccessKind.Read);
            return field;
        }
        private set;
    }

    /// <summary>Counts a direct I/O in.</summary>
    public void BeginDirect()
    {
        RequireLive("a direct I/O begins");
        Touch(InodePart.InFlight, AccessKind.Mark);
        InFlightCount++;
    }

    /// <summary>Counts a direct I/O out; legal in interrupt context.</summary>
    public void EndDirect()
    {
        InvariantException.Require(InFlightCount > 0, "a direct I/O that ends was counted in");
        RequireLive("a direct I/O ends");
        Touch(InodePart.InFlight, AccessKind.Mark);
        InFlightCount--;
    }

    /// <summary>Waits until no direct I/O is in flight. The caller holds the inode lock exclusively, so that none begins.</summary>
    public Wait WaitForDirectAsync() => _noDirectIo.WaitAsync();

    /// <summary>What the protocol in use remembers of the inode; nobody else looks at it.</summary>
    internal object? ProtocolState { get; set; }

    /// <summary>Whether an extension is under way.</summary>
    internal bool HasExtensions => _extensionsCount > 0;

    /// <summary>An extension begins.</summary>
    internal void BeginExtension() => _extensionsCount++;

    /// <summary>An extension ends.</summary>
    /// <returns>What the disk size must be raised to for others, if it was the last; else 0.</returns>
    internal long EndExtension()
    {
        InvariantException.Require(_extensionsCount > 0, "an extension that ends was begun");
        if (--_extensionsCount > 0)
            return 0;
        long owed = Math.Min(_owedDiskSizeBytes, SizeBytes);
        _owedDiskSizeBytes = 0;
        return owed;
    }

    /// <summary>Waits until no extension is under way.</summary>
    internal Wait WaitForExtensionsAsync() => (_noExtensions ??= new WaitCondition(
        _context.Machine, WaitKind.DataIo, $"extending direct writes of inode {Number}", () => _extensionsCount == 0)).WaitAsync();

    /// <summary>Whether the disk size may not be raised now by who is no extension; what it would be raised to is owed then.</summary>
    internal bool DefersDiskSize(long endBytes)
    {
        if (_extensionsCount == 0)
            return false;
        _owedDiskSizeBytes = Math.Max(_owedDiskSizeBytes, Math.Min(endBytes, SizeBytes));
        return true;
    }
}
