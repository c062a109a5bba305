namespace ExtShell.TestTools;

/// <summary>A fact that is skipped, with the reason, where a tool is missing: <c>[RequiresToolFact("mkfs.ext4", "debugfs")]</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresToolFactAttribute : FactAttribute
{
    /// <summary>Names what must be installed.</summary>
    public RequiresToolFactAttribute(params string[] tools) => Skip = Missing.Tools(tools);
}

/// <summary>A theory that is skipped, with the reason, where a tool is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresToolTheoryAttribute : TheoryAttribute
{
    /// <summary>Names what must be installed.</summary>
    public RequiresToolTheoryAttribute(params string[] tools) => Skip = Missing.Tools(tools);
}

/// <summary>
/// A fact that is skipped, with the reason, where ext4 cannot be mounted by the kernel (root and loop devices) or a tool is missing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresKernelMountFactAttribute : FactAttribute
{
    /// <summary>Names what else must be installed.</summary>
    public RequiresKernelMountFactAttribute(params string[] tools) => Skip = Missing.KernelMount() ?? Missing.Tools(tools);
}

/// <summary>
/// A theory that is skipped, with the reason, where ext4 cannot be mounted by the kernel (root and loop devices) or a tool is missing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresKernelMountTheoryAttribute : TheoryAttribute
{
    /// <summary>Names what else must be installed.</summary>
    public RequiresKernelMountTheoryAttribute(params string[] tools) => Skip = Missing.KernelMount() ?? Missing.Tools(tools);
}

/// <summary>Why a test cannot run here, or null.</summary>
internal static class Missing
{
    public static string? Tools(params string[] tools)
    {
        string[] missing = [.. tools.Where(tool => ExternalTool.Find(tool) is null)];
        return missing.Length == 0 ? null : $"not installed: {string.Join(", ", missing)}";
    }

    public static string? KernelMount()
    {
        if (!OperatingSystem.IsLinux())
            return "a kernel mount needs Linux";
        if (!Environment.IsPrivilegedProcess)
            return "a kernel mount needs root";
        return File.Exists("/dev/loop-control") ? Tools("losetup", "mount", "umount") : "a kernel mount needs loop devices";
    }
}
