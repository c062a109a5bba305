using System.Management.Automation;

namespace ExtShell.PowerShell.Binding;

/// <summary>Says once, on Windows where the Storage module is loaded, that some names are of both modules.</summary>
public sealed class StorageNotice : IModuleAssemblyInitializer
{
    private const string Text =
        "New-Volume, Get-Volume and Format-Volume are names of the Storage module too: write ExtShell\\New-Volume, "
            + "or import ExtShell with -Prefix.";

    private static int _given;

    /// <inheritdoc/>
    public void OnImport()
    {
        if (OperatingSystem.IsWindows())
            Give();
    }

    /// <summary>Warns if the Storage module is loaded, and nobody was warned before.</summary>
    public static void Give()
    {
        using var shell = System.Management.Automation.PowerShell.Create(RunspaceMode.CurrentRunspace);
        bool isLoaded = shell.AddScript("Get-Module Storage").Invoke().Count > 0;
        if (!isLoaded || Interlocked.Exchange(ref _given, 1) != 0)
            return;
        shell.Commands.Clear();
        shell.AddScript("param($text) if ($WarningPreference -notin 'SilentlyContinue', 'Ignore') { $Host.UI.WriteWarningLine($text) }")
            .AddArgument(Text).Invoke();
    }
}
