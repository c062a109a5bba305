using ExtShell.TestTools;

namespace ExtShell.Conformance.Tests.Kernel;

/// <summary>
/// A fact that is skipped, with the reason, where the kernel's writes cannot be recorded (root, loop devices, /dev/fuse) or a tool is
/// missing.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresRecorderFactAttribute : FactAttribute
{
    /// <summary>Names what else must be installed.</summary>
    public RequiresRecorderFactAttribute(params string[] tools) =>
        Skip = Missing.KernelMount() ?? (File.Exists("/dev/fuse") ? Missing.Tools(tools) : "recording the kernel needs /dev/fuse");
}
