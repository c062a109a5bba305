using ExtShell.Engine.Inodes;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Errors;

namespace ExtShell.Engine.IO;

/// <summary>Failures of a mounted volume that no device causes: of privilege stripping and time updates, and of conversions.</summary>
/// <remarks>(1) Failures are used up in the order in which they were asked for, each by the first inode that it is for.</remarks>
public sealed class FaultInjection
{
    private readonly Machine _machine;
    private readonly List<(bool IsConversion, uint Inode, Errno Error)> _pending = [];

    internal FaultInjection(Machine machine) => _machine = machine;

    /// <summary>Whether a failure was ever asked for.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>The next so many times that privileges are stripped and times updated before a write, that fails.</summary>
    /// <param name="error">With what.</param>
    /// <param name="inode">For which inode; 0 for any.</param>
    /// <param name="times">How often.</param>
    public void FailPrivileges(Errno error, uint inode = 0, int times = 1) => Add(false, error, inode, times);

    /// <summary>The next so many conversions of unwritten extents fail.</summary>
    /// <param name="error">With what.</param>
    /// <param name="inode">Of which inode; 0 for any.</param>
    /// <param name="times">How often.</param>
    public void FailConversions(Errno error, uint inode = 0, int times = 1) => Add(true, error, inode, times);

    /// <summary>Privileges are about to be stripped.</summary>
    /// <exception cref="FileSystemException">The failure that was asked for.</exception>
    internal void BeforePrivileges(Inode inode) => Meet(false, inode, "strip privileges and update times");

    /// <summary>Unwritten blocks are about to be converted.</summary>
    /// <exception cref="FileSystemException">The failure that was asked for.</exception>
    internal void BeforeConversion(Inode inode) => Meet(true, inode, "convert unwritten blocks");

    private void Add(bool isConversion, Errno error, uint inode, int times)
    {
        _machine.Touch(this, AccessKind.Write);
        IsUsed = true;
        for (int i = 0; i < times; i++)
            _pending.Add((isConversion, inode, error));
    }

    private void Meet(bool isConversion, Inode inode, string what)
    {
        _machine.Touch(this, AccessKind.Read);
        int found = _pending.FindIndex(
            fault => fault.IsConversion == isConversion && (fault.Inode == 0 || fault.Inode == inode.Number)); // (1)
        if (found < 0)
            return;
        _machine.Touch(this, AccessKind.Write);
        Errno error = _pending[found].Error;
        _pending.RemoveAt(found);
        throw new FileSystemException(error, $"{what} of inode {inode.Number}", "the failure was injected");
    }
}
