using System.Globalization;
using System.Management.Automation;
using ExtShell.Engine.Volumes;

namespace ExtShell.PowerShell.Binding;

/// <summary>Takes a mounted volume also by its number, as Get-Volume shows it, or by the name of its image file.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class VolumeArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        string? name = value is int or string ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;
        if (name is null)
            return inputData;
        foreach ((int number, Volume volume) in VolumeRegistry.All)
        {
            if (number.ToString(CultureInfo.InvariantCulture) == name || IsImage(volume, name))
                return volume;
        }

        throw new ArgumentTransformationMetadataException($"no mounted volume is called '{name}': Get-Volume shows their numbers, Mount-Volume mounts an image");
    }

    private static bool IsImage(Volume volume, string name) =>
        VolumeRegistry.ImagePathOf(volume) is { } path && (path == name || System.IO.Path.GetFileName(path) == name);
}
