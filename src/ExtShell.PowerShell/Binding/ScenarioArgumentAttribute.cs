using System.Management.Automation;
using ExtShell.Lab.Scenarios;

namespace ExtShell.PowerShell.Binding;

/// <summary>Takes a scenario as an object, as its text, or as a file that holds the text.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ScenarioArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        string? text = TextArgument.Read(engineIntrinsics, value);
        if (text is null)
            return inputData;
        try
        {
            return Scenario.Parse(text);
        }
        catch (FormatException failure)
        {
            throw new ArgumentTransformationMetadataException($"it is no scenario: {failure.Message}", failure);
        }
    }
}
