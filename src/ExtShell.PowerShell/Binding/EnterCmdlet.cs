using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using ExtShell.Engine.Volumes;
using ExtShell.PowerShell.Provider;

namespace ExtShell.PowerShell.Binding;

/// <summary>What the cmdlets that step into a state share: a drive over it, and the way back.</summary>
public abstract class EnterCmdlet : ExtCmdlet
{
    private const string LocationStack = "ExtShell";
    private static readonly ConditionalWeakTable<Runspace, Stack<string>> EnteredIn = [];

    /// <summary>The drive's name; a free one is chosen without it.</summary>
    [Parameter]
    public string? Name { get; set; }

    /// <summary>The drives that were entered: each runspace has locations of its own.</summary>
    private static Stack<string> Entered => EnteredIn.GetOrCreateValue(Runspace.DefaultRunspace);

    /// <summary>Makes a drive over a volume, and goes there.</summary>
    protected void Enter(Volume volume, string prefix, string shown)
    {
        string name = Name ?? FreeName(prefix);
        ProviderInfo provider = SessionState.Provider.GetOne("ExtShell");
        SessionState.Drive.New(
            VolumeDrive.Over(name, provider, VolumeRegistry.Keep(volume), volume.IsReadOnly, ownsVolume: true, shown), "global");
        SessionState.Path.PushCurrentLocation(LocationStack);
        SessionState.Path.SetLocation($"{name}:/");
        Entered.Push(name);
        WriteVerbose($"{name}: is {shown}; Exit-CrashState leads back");
    }

    /// <summary>Goes back to where the last Enter was called, and removes its drive.</summary>
    internal static bool TryExit(SessionState session)
    {
        while (Entered.TryPop(out string? name))
        {
            session.Path.PopLocation(LocationStack);
            if (!session.Drive.GetAll().Any(drive => drive.Name == name))
                continue;
            session.Drive.Remove(name, force: true, "global");
            return true;
        }

        return false;
    }

    private string FreeName(string prefix)
    {
        HashSet<string> names = [.. SessionState.Drive.GetAll().Select(static drive => drive.Name)];
        string name = prefix;
        for (int number = 2; names.Contains(name); number++)
            name = $"{prefix}{number}";
        return name;
    }
}
