# Searches of crash states and of schedules: streaming, stopping, partial results, stepping in.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell/ExtShell.psd1') -Force
    $race = @'
scenario "read beside write"
mount protocol=Ext4Iomap2023 switches=InvalidateBeforeConvert
setup
  create f /f
  fallocate f at=0 length=16384
thread
  start-direct io f at=0 length=4096 data=pattern:1
  wait-direct io f
  read-buffered f at=0 length=4096
thread
  read-buffered f at=0 length=4096
'@
    function New-BrokenVolume {
        $v = New-Volume 16MB -Switch ExtendAfterSync
        0..2 | ForEach-Object { $v | Write-Direct /log -Offset ($_ * 4KB) -Fill A -Length 4KB -Sync }
        $v
    }
}

AfterAll {
    Remove-Module ExtShell
}

Describe 'Search-CrashState' {
    It 'takes a scenario as text and as the path of its file, beside volumes' {
        $file = Get-Item (Join-Path $PSScriptRoot '../../examples/defects/append-synchronously.scenario')
        $expected = ($file | Search-CrashState).Summary
        ($file.FullName | Search-CrashState).Summary | Should -Be $expected
        (Get-Content -Raw $file | Search-CrashState).Summary | Should -Be $expected
        { Search-CrashState 'no such volume' -ErrorAction Stop } | Should -Throw
    }

    It 'does not write out numbers that nobody can read' {
        $v = New-Volume 32MB
        0..3 | ForEach-Object { $v | Start-Direct "/f$_" -Fill A -Length 256KB } | Wait-Direct | Out-Null
        ($v | Search-CrashState -AtomicUnit 512).Summary | Should -Match 'standing for about \d\.\d\dE\+\d+ crash states'
        $v | Dismount-Volume
    }

    It 'keeps the partial report of a search that was stopped by who had enough' {
        $v = New-BrokenVolume
        @($v | Search-CrashState -Finding | Select-Object -First 1).Count | Should -Be 1
        $partial = Get-SearchReport
        $partial.Findings.Count | Should -BeGreaterOrEqual 1
        ($v | Search-CrashState).Findings.Count | Should -BeGreaterOrEqual $partial.Findings.Count
        @(Get-SearchReport 2).Count | Should -Be 2
        $v | Dismount-Volume
    }

    It 'stops at once when the pipeline is stopped, and the partial report is there' {
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$PSScriptRoot/../../module/ExtShell/ExtShell.psd1'").Invoke()
        $shell.Commands.Clear()
        $null = $shell.AddScript('param($race) $race | Search-Schedule -MostSchedules 100000000 -Switch @()').AddArgument($race)
        $running = $shell.BeginInvoke()
        Start-Sleep -Seconds 2
        $running.IsCompleted | Should -BeFalse
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 2
        $shell.Commands.Clear()
        $report = $shell.AddScript('Get-SearchReport').Invoke()
        $report.IsCancelled | Should -BeTrue
        $report.Schedules | Should -BeGreaterThan 0
        $shell.Dispose()
    }

    It 'takes a scenario: text, file or object' {
        $text = "scenario s`nmount switches=ExtendAfterSync`nsetup`n  create f /f`nthread`n  write-direct f at=0 length=4096 sync=dsync data=byte:65`n"
        (Search-CrashState -Scenario $text).IsClean | Should -BeFalse
        ($text | Search-CrashState -StopAtFirst).Findings.Count | Should -Be 1
        $path = Join-Path $TestDrive 's.scenario'
        Set-Content $path $text
        $story = Search-CrashState -Scenario $path -Story
        "$story" | Should -BeLike '*THE POWER FAILS*'
        { Search-CrashState -Scenario "nonsense`nhere" } | Should -Throw '*line 1*'
    }

    It 'writes progress, and tells on the verbose stream' {
        $v = New-BrokenVolume
        $said = $v | Search-CrashState -Verbose 4>&1
        "$said" | Should -BeLike '*outcome*, standing for*'
        $v | Dismount-Volume
    }
}

Describe 'Search-Schedule' {
    It 'finds what a schedule can break, and the cure is clean' {
        $report = Search-Schedule $race -StopAtFirst -MostSchedules 3000
        $report.IsClean | Should -BeFalse
        $report.Findings[0].Kind | Should -BeIn 'WrongRead', 'LostUpdate'
        ($race | Search-Schedule -MostSchedules 300 -Switch @()).IsClean | Should -BeTrue
    }

    It 'takes each strategy: <_>' -ForEach 'Random', 'Pct', 'PreemptionBounded', 'Exhaustive' {
        $report = Search-Schedule $race $_ -MostSchedules 200 -StopAtFirst
        $report.Strategy | Should -Be $_
        $report.Schedules | Should -BeGreaterThan 0
    }

    It 'streams findings, and stops when somebody has enough' {
        $finding = $race | Search-Schedule -Finding | Select-Object -First 1
        $finding.Schedule | Should -Not -BeNullOrEmpty
        (Get-SearchReport).Schedules | Should -BeLessThan 20000
    }

    It 'replays what it found, as an object, as a finding and as text' {
        $finding = $race | Search-Schedule -Finding -StopAtFirst | Select-Object -First 1
        ($finding | Invoke-Schedule).IsFaithful | Should -BeTrue
        ($finding.Schedule | Invoke-Schedule).Findings.Kind | Should -Contain $finding.Kind
        $path = Join-Path $TestDrive 'found.schedule'
        Set-Content $path $finding.Schedule.ToText()
        (Invoke-Schedule $path).IsFaithful | Should -BeTrue
    }

    It 'says what is wrong with a protocol, a switch or a scenario that are none' {
        { Search-Schedule $race -Switch Bogus -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EINVAL,*'
        { Search-Schedule $race -Protocol Ext5 -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EINVAL,*'
        { Search-Schedule 'no such file' } | Should -Throw '*no scenario*'
    }
}

Describe 'stepping in' {
    It 'enters a crash state and leads back' {
        $v = New-Volume 16MB
        $v | Write-Buffered /kept -Text here -Sync
        $before = (Get-Location).Path
        $inside = $v | Invoke-Crash -State Newest | Enter-CrashState -PassThru
        (Get-Location).Path | Should -Be 'crash:/'
        Get-Content crash:/kept | Should -Be 'here'
        $inside.IsMounted | Should -BeTrue
        Exit-CrashState
        (Get-Location).Path | Should -Be $before
        $inside.IsMounted | Should -BeFalse
        Get-PSDrive crash -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $v | Dismount-Volume
    }

    It 'enters the state that shows a finding' {
        $v = New-BrokenVolume
        $v | Search-CrashState -Finding -StopAtFirst | Select-Object -First 1 | Enter-CrashState -Name found
        (Get-Location).Path | Should -Be 'found:/'
        Exit-CrashState
        $v | Dismount-Volume
    }

    It 'takes a finding wherever a crash state is wanted' {
        $v = New-BrokenVolume
        $finding = $v | Search-CrashState -Finding -StopAtFirst | Select-Object -First 1
        $mounted = $finding | Mount-Volume
        ($mounted | Get-VolumeItem /log).Length | Should -BeLessThan 12288
        $finding | Test-Consistency -Quiet | Should -BeTrue
        ($finding | Invoke-Recovery).Source | Should -Be "$($finding.Example)"
        $null = New-PSDrive -Name shown -PSProvider ExtShell -Root / -CrashState $finding
        (Get-Item shown:/log).Length | Should -Be ($mounted | Get-VolumeItem /log).Length
        Remove-PSDrive shown
        $mounted, $v | Dismount-Volume
    }

    It 'walks a schedule to a decision, and shows the device then' {
        $finding = $race | Search-Schedule -Finding -StopAtFirst | Select-Object -First 1
        $whole = $finding | Enter-Schedule -NoDrive
        $whole.Steps.Count | Should -BeGreaterOrEqual $finding.Steps
        $visit = $finding | Enter-Schedule 3
        $visit.Steps.Count | Should -Be 3
        $visit.Steps[2].Text | Should -Be $whole.Steps[2].Text
        $visit.Threads.Count | Should -BeGreaterThan 0
        (Get-ChildItem).Name | Should -Contain 'f'
        Exit-Schedule
    }

    It 'leads back in the runspace that entered, and in no other' {
        $before = (Get-Location).Path
        $v = New-Volume 16MB
        $v | Invoke-Crash | Enter-CrashState
        $said = $PSScriptRoot | ForEach-Object -Parallel {
            Import-Module "$_/../../module/ExtShell/ExtShell.psd1"
            Exit-CrashState 3>&1
        }
        "$said" | Should -BeLike '*was entered*'
        (Get-Location).Path | Should -Be 'crash:/'
        Exit-CrashState
        (Get-Location).Path | Should -Be $before
        $v | Dismount-Volume
    }

    It 'warns when there is nowhere to leave' {
        $said = Exit-CrashState 3>&1
        "$said" | Should -BeLike '*was entered*'
    }
}
