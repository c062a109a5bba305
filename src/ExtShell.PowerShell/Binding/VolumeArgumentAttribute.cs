using System.Globalization;
using System.Management.Automation;
using ExtShell.Engine.Volumes;

namespace ExtShell.PowerShell.Binding;

/// <summary>Takes a mounted volume also by its number, as Get-Volume shows it, or by the name of its image file.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class VolumeArgumentAttribute : ArgumentTransformationAttribute
{
    /// <summary>Text is left alone: it may be the path of an image that shall be looked at as it stands.</summary>
    public bool OnlyNumbers { get; init; }

    /// <summary>Text that names no volume is left alone: another parameter may want it.</summary>
    public bool LeavesOtherText { get; init; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        string? name = value is int || (value is string && !OnlyNumbers) ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;
        if (name is null)
            return inputData;
        foreach ((int number, Volume volume) in VolumeRegistry.All)
        {
            if (number.ToString(CultureInfo.InvariantCulture) == name || IsImage(volume, name))
                return volume;
        }

        if (value is string && LeavesOtherText)
            return inputData;
        throw new ArgumentTransformationMetadataException(
            $"no mounted volume is called '{name}': Get-Volume shows their numbers, Mount-Volume mounts an image");
    }

    private static bool IsImage(Volume volume, string name) =>
        VolumeRegistry.ImagePathOf(volume) is { } path && (path == name || System.IO.Path.GetFileName(path) == name);
}
