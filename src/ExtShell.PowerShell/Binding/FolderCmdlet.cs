using System.Management.Automation;

namespace ExtShell.PowerShell.Binding;

/// <summary>What copying a folder in and out shares: how far it is, and that Ctrl+C ends it after the file that it is at.</summary>
public abstract class FolderCmdlet : VolumeCmdlet
{
    private const int ShownEvery = 256;

    private int _copied;

    /// <summary>Passes the volume on.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Shows every so often what is copied.</summary>
    /// <param name="path">The path of the volume.</param>
    /// <exception cref="PipelineStoppedException">The user has had enough.</exception>
    protected void Show(string path)
    {
        if (Stopping)
            throw new PipelineStoppedException();
        if (_copied++ % ShownEvery == ShownEvery - 1)
            WriteProgress(new ProgressRecord(1, MyInvocation.MyCommand.Name, $"{_copied} files and directories, {path}"));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_copied >= ShownEvery)
            WriteProgress(new ProgressRecord(1, MyInvocation.MyCommand.Name, "done") { RecordType = ProgressRecordType.Completed });
        base.EndProcessing();
    }
}
