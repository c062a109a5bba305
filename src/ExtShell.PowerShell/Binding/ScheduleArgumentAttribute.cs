using System.Management.Automation;
using ExtShell.Lab.Scheduling;

namespace ExtShell.PowerShell.Binding;

/// <summary>Takes a schedule as an object, as the finding that it shows, as its text, or as a file that holds the text.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ScheduleArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        if (value is ScheduleFinding finding)
            return finding.Schedule;
        string? text = TextArgument.Read(engineIntrinsics, value);
        if (text is null)
            return inputData;
        try
        {
            return Schedule.Parse(text);
        }
        catch (FormatException failure)
        {
            throw new ArgumentTransformationMetadataException($"it is no schedule: {failure.Message}", failure);
        }
    }
}
