# The scripts of examples/: each runs in a session of its own runspace, ends without an error, and makes its point.
BeforeDiscovery {
    $examples = Join-Path $PSScriptRoot '../../examples'
    $scripts = Get-ChildItem $examples -Recurse -Filter *.ps1 |
        Where-Object { $_.Name -notlike '*.Tests.ps1' -and $_.Directory.Name -ne 'pipeline' } | ForEach-Object {
        @{ name = [IO.Path]::GetRelativePath((Resolve-Path $examples), $_.FullName).Replace('\', '/'); path = $_.FullName }
    }
    $stories = Get-ChildItem (Join-Path $examples 'stories') -Filter *.csx |
        ForEach-Object { @{ story = $_.BaseName; path = [IO.Path]::ChangeExtension($_.FullName, '.ps1') } }
}

BeforeAll {
    $points = @{
        'first-crash.ps1'                     = 'LostSize in /log'
        'stories/safe-append.ps1'             = 'A return is a promise with: O_DIRECT, then fdatasync; O_DIRECT | O_DSYNC.'
        'stories/o-sync-regression.ps1'       = 'found:    a size of 0 bytes'
        'stories/stale-data.ps1'              = 'What a reader of /public sees on that disk: "the secret'
        'stories/livelock.ps1'                = 'faithful: True; shows: Livelock'
        'stories/dax-full-disk.ps1'           = 'found zeroes'
        'stories/image-without-root.ps1'      = '/etc/hostname: crash-lab'
        'stories/guard-a-write-protocol.ps1'  = 'the header says 1, and record 1 is not there'
        'stories/journal.ps1'                 = ''
    }
}

Describe 'examples' {
    It '<name>' -ForEach $scripts {
        $points.Keys | Should -Contain $name -Because 'each example has a point'
        $shell = [powershell]::Create()
        try {
            $said = $shell.AddScript("& '$($path -replace "'", "''")' | Out-String").Invoke() -join "`n"
            $shell.Streams.Error | Should -BeNullOrEmpty
            $said | Should -BeLike "*$([WildcardPattern]::Escape($points[$name]))*"
        }
        finally {
            $null = $shell.Commands.Clear()
            $null = $shell.AddScript('Get-Module ExtShell | ForEach-Object { Get-Volume | Dismount-Volume -ErrorAction SilentlyContinue }').Invoke()
            $shell.Dispose()
        }
    }

    It 'every C# story is told in PowerShell too: <story>' -ForEach $stories {
        $path | Should -Exist
    }
}
