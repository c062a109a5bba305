using System.Management.Automation;
using ExtShell.Format.Errors;
using ExtShell.Lab.Verbs;

namespace ExtShell.PowerShell.Binding;

/// <summary>Takes sizes and offsets as numbers (<c>64MB</c> is PowerShell's 2^20) or as text (<c>'64MiB'</c>, <c>'4K'</c>).</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class SizeAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not string text)
            return value;
        try
        {
            return SizeText.Parse(text);
        }
        catch (FileSystemException failure)
        {
            throw new ArgumentTransformationMetadataException(failure.Message, failure);
        }
    }
}
