# Help: every cmdlet has all of it, and every example runs.
BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell/ExtShell.psd1') -Force
    $common = [System.Management.Automation.Cmdlet]::CommonParameters
    $cmdlets = Get-Command -Module ExtShell -CommandType Cmdlet | ForEach-Object {
        @{ name = $_.Name; parameters = @($_.Parameters.Keys | Where-Object { $_ -notin $common })
            shouldProcess = $_.Parameters.ContainsKey('WhatIf') }
    }
    $examples = $cmdlets | ForEach-Object {
        $number = 0
        foreach ($example in (Get-Help $_.name -Full).examples.example) { @{ name = $_.name; number = ++$number; code = $example.code } }
    }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell/ExtShell.psd1') -Force
    $env:PSModulePath = (Resolve-Path (Join-Path $PSScriptRoot '../../module')).Path + [IO.Path]::PathSeparator + $env:PSModulePath
}

AfterAll {
    Get-Volume | Dismount-Volume -ErrorAction SilentlyContinue
    Remove-Module ExtShell
}

Describe 'help of <name>' -ForEach $cmdlets {
    It 'has a synopsis, a description, each parameter, and two examples' {
        $help = Get-Help $name -Full
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.Synopsis | Should -Not -BeLike "$name *"
        "$($help.description.Text)" | Should -Not -BeNullOrEmpty
        foreach ($parameter in $parameters) {
            $described = $help.parameters.parameter | Where-Object name -EQ $parameter
            "$($described.description.Text)" | Should -Not -BeNullOrEmpty -Because "-$parameter needs a description"
        }
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
        foreach ($example in $help.examples.example) { "$($example.remarks.Text)" | Should -Not -BeNullOrEmpty }
    }
}

Describe 'examples' {
    It '<name> <number> runs' -ForEach $examples {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive "$name-$number")
        Push-Location $folder
        try {
            $failed = @()
            & ([scriptblock]::Create($code)) -ErrorAction Continue 2>&1 | Where-Object { $_ -is [Management.Automation.ErrorRecord] } |
                ForEach-Object { $failed += $_ }
            $failed | Should -BeNullOrEmpty
        }
        finally {
            Pop-Location
            Get-Volume | Dismount-Volume -ErrorAction SilentlyContinue
        }
    }
}

Describe 'topics' {
    It 'has <_>' -ForEach 'about_ExtShell', 'about_ExtShell_Guarantees', 'about_ExtShell_Model', 'about_ExtShell_Protocols',
        'about_ExtShell_Scenarios', 'about_ExtShell_Scripting' {
        $path = Join-Path $PSScriptRoot "../../module/ExtShell/en-US/$_.help.txt"
        $path | Should -Exist
        (Get-Content $path -Raw).Length | Should -BeGreaterThan 500
        "$(Get-Help $_)" | Should -BeLike "*$_*"
    }

    It 'says every rule of the ledger, and every protocol with its switches' {
        $rules = Get-Content (Join-Path $PSScriptRoot '../../module/ExtShell/en-US/about_ExtShell_Guarantees.help.txt') -Raw
        foreach ($rule in [ExtShell.Lab.Durability.LedgerRules]::All) {
            $rules | Should -BeLike "*RULE $($rule.Number): $($rule.Name.ToUpperInvariant())*"
        }
        $protocols = Get-Content (Join-Path $PSScriptRoot '../../module/ExtShell/en-US/about_ExtShell_Protocols.help.txt') -Raw
        foreach ($protocol in Get-Protocol) {
            $protocols | Should -BeLike "*$($protocol.Name.ToUpperInvariant())*"
            foreach ($switch in $protocol.Switches) { $protocols | Should -BeLike "*$($switch.Name)*" }
        }
    }

    It 'says the escape of drives, and the prefix beside Windows'' Storage module' {
        $about = Get-Content (Join-Path $PSScriptRoot '../../module/ExtShell/en-US/about_ExtShell.help.txt') -Raw
        $about | Should -BeLike '*%5C*'
        $about | Should -BeLike '*-Prefix*'
    }
}
