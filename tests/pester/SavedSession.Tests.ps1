# Sessions of the C# prompt, saved as Pester suites, and run: all by one pwsh, as starting it and Pester takes longer than they do.
BeforeAll {
    $root = Join-Path $PSScriptRoot '../..' -Resolve
    $program = Join-Path $root 'src/ExtShell.Repl/bin/Debug/net10.0/extshell.dll'
    function Save-Session([string] $Name, [string[]] $Submission) {
        $Submission + "#save $(Join-Path $TestDrive "$Name.Tests.ps1")" | dotnet $program | Out-Null
    }

    Save-Session sound 'var v = NewVolume("16MiB")', 'var f = v.Create("/log")',
        'f.WriteDirect(0, Fill((char)65, 4096), sync: SyncKind.Sync)', 'SearchCrashStates(v)', 'v.Check()'
    Save-Session broken 'var v = NewVolume("16MiB", switches: ["ExtendAfterSync"])', 'var f = v.Create("/log")',
        'f.WriteDirect(0, Fill((char)65, 4096), sync: SyncKind.Sync)', 'SearchCrashStates(v)'
    Set-Content -LiteralPath (Join-Path $TestDrive 'part.csx') 'Volume Made() => NewVolume("16MiB");'
    Push-Location $TestDrive
    try {
        [Environment]::CurrentDirectory = $TestDrive
        Save-Session loading '#load "part.csx"', 'Made().Check()'
    }
    finally {
        Pop-Location
        [Environment]::CurrentDirectory = $PWD.ProviderPath
    }

    $passed = @{}
    pwsh -NoProfile -NonInteractive -Command "
        Import-Module '$root/module/ExtShell/ExtShell.psd1'
        foreach (`$name in 'sound', 'broken', 'loading') {
            `$result = Invoke-Pester -Path ('$TestDrive/{0}.Tests.ps1' -f `$name) -PassThru -Output None
            'suite {0}: {1} passed, {2} failed' -f `$name, `$result.PassedCount, `$result.FailedCount
        }" | Where-Object { $_ -match '^suite (\w+): (.*)$' } | ForEach-Object { $passed[$Matches[1]] = $Matches[2] }
}

Describe 'A session saved as a Pester suite' {
    It 'passes where every report is clean' {
        $passed.sound | Should -Be '2 passed, 0 failed'
    }

    It 'loads what the session had loaded, wherever the test runs' {
        $passed.loading | Should -Be '2 passed, 0 failed'
    }

    It 'fails where one is not' {
        $passed.broken | Should -Be '1 passed, 1 failed'
    }
}
