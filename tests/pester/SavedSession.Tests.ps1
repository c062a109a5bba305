# A session of the C# prompt, saved as a Pester suite, and run.
BeforeAll {
    $root = Join-Path $PSScriptRoot '../..' -Resolve
    $program = Join-Path $root 'src/ExtShell.Repl/bin/Debug/net10.0/extshell.dll'
    function Invoke-SavedSession([string] $Name, [string[]] $Submission) {
        $suite = Join-Path $TestDrive "$Name.Tests.ps1"
        $Submission + "#save $suite" | dotnet $program | Out-Null
        $manifest = Join-Path $root 'module/ExtShell/ExtShell.psd1'
        $run = "Import-Module '$manifest'; `$r = Invoke-Pester -Path '$suite' -PassThru -Output None; '{0} {1}' -f `$r.PassedCount, `$r.FailedCount"
        pwsh -NoProfile -NonInteractive -Command $run | Select-Object -Last 1
    }
}

Describe 'A session saved as a Pester suite' {
    It 'passes where every report is clean' {
        Invoke-SavedSession sound 'var v = NewVolume("16MiB")', 'var f = v.Create("/log")',
            'f.WriteDirect(0, Fill((char)65, 4096), sync: SyncKind.Sync)', 'SearchCrashStates(v)', 'v.Check()' | Should -Be '2 0'
    }

    It 'loads what the session had loaded, wherever the test runs' {
        $part = Join-Path $TestDrive 'part.csx'
        Set-Content -LiteralPath $part 'Volume Made() => NewVolume("16MiB");'
        Push-Location $TestDrive
        try {
            [Environment]::CurrentDirectory = $TestDrive
            Invoke-SavedSession loading '#load "part.csx"', 'Made().Check()' | Should -Be '2 0'
        }
        finally {
            Pop-Location
            [Environment]::CurrentDirectory = $PWD.ProviderPath
        }
    }

    It 'fails where one is not' {
        Invoke-SavedSession broken 'var v = NewVolume("16MiB", switches: ["ExtendAfterSync"])', 'var f = v.Create("/log")',
            'f.WriteDirect(0, Fill((char)65, 4096), sync: SyncKind.Sync)', 'SearchCrashStates(v)' | Should -Be '1 1'
    }
}
