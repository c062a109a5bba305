using System.Text;
using ExtShell.Engine.Volumes;

namespace ExtShell.PowerShell.Binding;

/// <summary>An extended attribute of a file, with the volume and the path, so that it can be piped on.</summary>
/// <param name="Volume">The volume.</param>
/// <param name="InnerPath">The path inside the volume.</param>
/// <param name="AttributeName">The attribute's name, prefix included.</param>
/// <param name="Value">Its bytes.</param>
public sealed record ExtendedAttribute(Volume Volume, string InnerPath, string AttributeName, byte[] Value)
{
    /// <summary>The value as UTF-8 text.</summary>
    public string Text => Encoding.UTF8.GetString(Value);

    /// <inheritdoc/>
    public override string ToString() => $"{AttributeName}={Text}";
}
