# Should operators for Pester 5: a volume, an image or a crash state is consistent; a piece of work survives a power cut at every instant.
#
#   Import-Module ExtShell/ExtShell.Pester.psm1
#   $image | Should -BeConsistent
#   { $_ | Write-Direct /log -Fill A -Length 4KB -Sync } | Should -SurviveCrash
#
# The block gets a fresh volume in memory, as $_ and as its argument; an error in it is an error of the test. It survives if no crash state at any cut
# breaks a promise of the ledger, and every one is consistent after recovery; the message tells the first finding on the smallest run that still shows it.
if (-not (Get-Module ExtShell)) {
    Import-Module (Join-Path $PSScriptRoot 'ExtShell.psd1') -Global
}

function Get-BecauseText([string] $Because) {
    if ($Because) { " because $($Because -replace '^\s*because\s*')," } else { '' }
}

function Test-BeConsistent($ActualValue, [switch] $Negate, [string] $Because, $CallerSessionState) {
    try {
        $report = $ActualValue | Test-Consistency -ErrorAction Stop
        $isClean = $report.IsClean
        $found = $report.Findings | Select-Object -First 10
    }
    catch [ExtShell.Format.Errors.CorruptionException] {
        $isClean = $false
        $found = "$_"
    }
    if ($isClean -ne [bool] $Negate) {
        return [PSCustomObject]@{ Succeeded = $true; FailureMessage = $null }
    }
    $findings = $found | ForEach-Object { "  $_" }
    $message = if ($Negate) { "Expected $ActualValue to be damaged,$(Get-BecauseText $Because) but it is consistent." }
    else { (@("Expected $ActualValue to be consistent,$(Get-BecauseText $Because) but the check found:") + $findings) -join "`n" }
    [PSCustomObject]@{ Succeeded = $false; FailureMessage = $message }
}

function Test-SurviveCrash(
    $ActualValue,
    [switch] $Negate,
    [string] $Because,
    [string] $Protocol = 'Ext4Iomap2023',
    [string[]] $Switch = @(),
    [object] $Size = '16MiB',
    [object] $AtomicUnit = 4096,
    [long] $Budget = 1000000,
    $CallerSessionState
) {
    $isBlock = $ActualValue -is [scriptblock]
    $volume = if ($isBlock) { New-Volume $Size -Protocol $Protocol -Switch $Switch -ErrorAction Stop } else { $ActualValue }
    if ($volume -isnot [ExtShell.Engine.Volumes.Volume]) {
        throw [ArgumentException] "Should -SurviveCrash takes a script block, which gets a volume, or a volume; not '$ActualValue'."
    }
    try {
        if ($isBlock) {
            $variables = [psvariable]::new('_', $volume), [psvariable]::new('ErrorActionPreference', 'Stop')
            $null = $ActualValue.InvokeWithContext($null, [Collections.Generic.List[psvariable]] $variables, $volume)
        }
        $report = $volume | Search-CrashState -AtomicUnit $AtomicUnit -MostLeaves $Budget -ErrorAction Stop
        if (-not $report.IsComplete) {
            Write-Warning "The budget of $Budget leaves ended the search: $($report.Summary)."
        }
        if ($report.IsClean -ne [bool] $Negate) {
            return [PSCustomObject]@{ Succeeded = $true; FailureMessage = $null }
        }
        $message = if ($Negate) {
            "Expected a crash to break a promise,$(Get-BecauseText $Because) but $($report.Summary)."
        }
        else {
            $story = $volume | Search-CrashState -AtomicUnit $AtomicUnit -MostLeaves $Budget -StopAtFirst -Story -ErrorAction Stop
            "Expected every crash state to keep what was promised,$(Get-BecauseText $Because) but $($report.Summary).`n`n$story"
        }
        [PSCustomObject]@{ Succeeded = $false; FailureMessage = $message }
    }
    finally {
        if ($isBlock) { $volume | Dismount-Volume -Confirm:$false }
    }
}

# Pester keeps its operators for the session: they are added once, and call what was imported last.
foreach ($operator in 'BeConsistent', 'SurviveCrash') {
    $known = Get-ShouldOperator | Where-Object Name -EQ $operator
    if (-not $known) {
        Add-ShouldOperator -Name $operator -InternalName "Test-$operator" -Test (Get-Command "Test-$operator").ScriptBlock
    }
}

Export-ModuleMember
