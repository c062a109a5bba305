# C# scripts from PowerShell: arguments, results, errors, stopping; and two Roslyns side by side.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell/ExtShell.psd1') -Force
    function New-Script([string] $Name, [string] $Code) {
        $path = Join-Path $TestDrive $Name
        Set-Content -LiteralPath $path $Code -NoNewline
        $path
    }
}

AfterAll {
    Get-Volume | Dismount-Volume
    Remove-Module ExtShell
}

Describe 'Invoke-Experiment' {
    It 'returns objects, what is printed first' {
        $path = New-Script 'values.csx' 'Print("one"); Print(2); return new[] { 3, 4 };'
        Invoke-Experiment $path | Should -Be 'one', 2, 3, 4
        (Get-Item $path | Invoke-Experiment).Count | Should -Be 4
        (Invoke-Experiment -Code 'return Fill((char)65, 512);').Length | Should -Be 512
    }

    It 'takes PowerShell''s variables: numbers, texts, volumes' {
        Invoke-Experiment -Code 'Argument<int>("n") + Argument("m", 10)' -Argument @{ n = 3 } | Should -Be 13
        Invoke-Experiment -Code 'Args.Count + Args[1]' -Argument one, two | Should -Be '2two'
        $v = New-Volume 16MB
        Invoke-Experiment -Code 'Argument<Volume>("v").Create("/made").Close();' -Argument @{ v = $v }
        $v.Exists('/made') | Should -BeTrue
        $v.IsMounted | Should -BeTrue
        $v | Dismount-Volume
    }

    It 'shares types with cmdlets: what a script returns is piped on' {
        $made = Invoke-Experiment -KeepVolume -Code 'NewVolume("16MiB")'
        $made | Should -BeOfType ExtShell.Engine.Volumes.Volume
        $made | Write-Direct /log -Fill A -Length 4KB -PassThru | Test-Consistency -Quiet | Should -BeTrue
        (Invoke-Experiment -Code 'NewVolume("16MiB")').IsMounted | Should -BeFalse -Because 'a script''s volumes end with it'
    }

    It 'shows file, line and caret of what does not compile' {
        $path = New-Script 'wrong.csx' "int a = 1;`nint b = nothing;`n"
        $failure = { Invoke-Experiment $path -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.ScriptCompilation,*' -PassThru
        $failure.Exception.Message | Should -BeLike '*wrong.csx(2,9): error CS0103*'
        $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $shown = ($failure | Out-String -Width 160) -replace "`e\[[0-9;]*m" -split "`r?`n"
        $shown[0] | Should -BeLike 'Invoke-Experiment: *wrong.csx:2:9'
        $shown[2..3] | Should -Be '   2 | int b = nothing;', '     |         ^^^^^^^'
        $two = @(Invoke-Experiment -Code "int a = one;`nint b = two;" 2>&1)
        $two.Count | Should -Be 2 -Because 'each is an error of its own'
        $failure.CategoryInfo.Category | Should -Be 'ParserError'
    }

    It 'gives what a script throws the id that a cmdlet would' {
        { Invoke-Experiment -Code 'NewVolume("16MiB").Open("/none");' -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.ENOENT,*'
        { Invoke-Experiment -Code 'throw new Exception("mine");' -ErrorAction Stop } | Should -Throw '*mine*' -ErrorId 'Ext.Script,*'
        { Invoke-Experiment (Join-Path $TestDrive 'none.csx') -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.HostIo,*'
    }

    It 'shows the script''s own line of what it throws' {
        $path = New-Script 'throws.csx' "int zero = 0;`nint b = 1 / zero;`n"
        $failure = { Invoke-Experiment $path -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.Script,*' -PassThru
        $failure.TargetObject.Place.Line | Should -Be 2
        $shown = ($failure | Out-String -Width 160) -replace "`e\[[0-9;]*m" -split "`r?`n"
        $shown[0] | Should -BeLike 'Invoke-Experiment: *throws.csx:2'
        $shown[2] | Should -Be '   2 | int b = 1 / zero;'
        $shown[3] | Should -BeLike '*Attempted to divide by zero.'
    }

    It 'ends <_> when the pipeline is stopped' -ForEach 'while (true) ;', 'System.Threading.Thread.Sleep(-1);' {
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$PSScriptRoot/../../module/ExtShell/ExtShell.psd1'").Invoke()
        $shell.Commands.Clear()
        $null = $shell.AddScript("Invoke-Experiment -Code 'Print(1); $_'")
        $said = [Management.Automation.PSDataCollection[psobject]]::new()
        $null = $shell.BeginInvoke([Management.Automation.PSDataCollection[psobject]]::new(), $said)
        for ($i = 0; $i -lt 600 -and $said.Count -eq 0; $i++) { Start-Sleep -Milliseconds 50 }
        $stopping = $shell.BeginStop($null, $null)
        $stopping.AsyncWaitHandle.WaitOne(20000) | Should -BeTrue
        $shell.Dispose()
    }

    It 'ends at once when the pipeline is stopped' {
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$PSScriptRoot/../../module/ExtShell/ExtShell.psd1'").Invoke()
        $shell.Commands.Clear()
        $null = $shell.AddScript('Invoke-Experiment -Code "Print(1); while (true) { Cancellation.ThrowIfCancellationRequested(); await System.Threading.Tasks.Task.Delay(5); }"')
        $said = [Management.Automation.PSDataCollection[psobject]]::new()
        $running = $shell.BeginInvoke([Management.Automation.PSDataCollection[psobject]]::new(), $said)
        for ($i = 0; $i -lt 200 -and $said.Count -eq 0; $i++) { Start-Sleep -Milliseconds 50 }
        $said.Count | Should -Be 1
        $running.IsCompleted | Should -BeFalse
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $shell.Stop()
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 2
        $shell.Dispose()
    }
}

Describe 'two Roslyns' {
    It 'are not loaded by the import, and do not disturb each other' {
        $said = pwsh -NoProfile -NonInteractive -Command "
            Import-Module '$PSScriptRoot/../../module/ExtShell/ExtShell.psd1'
            `$v = New-Volume 16MB
            function Get-Roslyn {
                [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.GetName().Name -eq 'Microsoft.CodeAnalysis' }
            }
            @(Get-Roslyn).Count
            Invoke-Experiment -Code '1 + 1'
            Add-Type -TypeDefinition 'public static class Beside { public static int Answer() => 42; }'
            [Beside]::Answer()
            Invoke-Experiment -Code '2 + 2'
            Add-Type -TypeDefinition 'public static class Again { public static int Answer() => 43; }'
            [Again]::Answer()
            @(Get-Roslyn).Count
            @(Get-Roslyn | ForEach-Object { [Runtime.Loader.AssemblyLoadContext]::GetLoadContext(`$_).Name } | Sort-Object) -join ','
            @(Get-Roslyn | ForEach-Object Location | Where-Object { `$_ -like (Join-Path `$PSHOME '*') }).Count"
        $said | Should -Be '0', '2', '42', '4', '43', '2', 'Default,ExtShell.Scripting', '1'
    }

    It 'keep what users see in the default context' {
        Invoke-Experiment -Code '0' | Should -Be 0
        foreach ($type in 'ExtShell.Engine.Volumes.Volume', 'ExtShell.Lab.Crash.CrashReport', 'ExtShell.Check.CheckReport',
            'ExtShell.Scripting.Contracts.Experiment') {
            [Runtime.Loader.AssemblyLoadContext]::GetLoadContext(($type -as [type]).Assembly).Name | Should -Be 'Default'
        }
        $twice = [AppDomain]::CurrentDomain.GetAssemblies().Where{ $_.GetName().Name -like 'ExtShell.*' } |
            Group-Object { $_.GetName().Name } | Where-Object Count -GT 1
        $twice | Should -BeNullOrEmpty
    }
}

Describe 'a session that has done nothing yet' {
    It 'runs a file' {
        $path = New-Script 'first.csx' 'NewVolume("16MiB").Check().IsClean'
        pwsh -NoProfile -NonInteractive -Command "Import-Module '$PSScriptRoot/../../module/ExtShell/ExtShell.psd1'; Invoke-Experiment '$path'" | Should -Be 'True'
    }
}

Describe 'Enter-Experiment' {
    It 'helps, begins anew, and gives up what is not whole after two empty lines' {
        $said = '#help', 'int n = 20;', '#reset', 'n', 'int Broken(', '', '', '6 * 7', '#exit' |
            pwsh -NoProfile -Command "Import-Module '$PSScriptRoot/../../module/ExtShell/ExtShell.psd1'; Enter-Experiment" 2>&1
        $text = $said -join "`n"
        $text | Should -Match '_ is the last result'
        $text | Should -Match 'name .n. does not exist'
        $text | Should -Match 'CS1026'
        $text | Should -Match '42'
    }

    It 'reads lines until #exit, shows results as PowerShell does, and goes on after errors' {
        $said = 'int n = 20;', 'n + 1', 'nothing', 'for (int i = 0; i < 2; i++)', '{ Print(i); }', 'n * 2', '#exit' |
            pwsh -NoProfile -Command "Import-Module '$PSScriptRoot/../../module/ExtShell/ExtShell.psd1'; Enter-Experiment" 2>&1
        $text = $said -join "`n"
        $text | Should -Match '21'
        $text | Should -Match 'nothing'
        $text | Should -Match '40'
    }
}
