using System.Management.Automation;
using ExtShell.Lab.Crash;

namespace ExtShell.PowerShell.Binding;

/// <summary>Takes for a crash state also a finding of Search-CrashState: the state that shows it.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class CrashStateArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is not CrashFinding finding)
            return inputData;
        return finding.Example ?? throw new ArgumentTransformationMetadataException($"the finding has no example: {finding}");
    }
}
