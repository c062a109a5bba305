# Should operators for Pester 5: a volume, an image or a crash state is consistent; a piece of work survives a power cut at every instant.
#
#   Import-Module (Join-Path (Get-Module ExtShell).ModuleBase ExtShell.Pester.psm1)
#   $image | Should -BeConsistent
#   { $_ | Write-Direct /log -Fill A -Length 4KB -Sync } | Should -SurviveCrash
#
# The block gets a fresh volume in memory, as $_ and as its argument; an error in it is an error of the test. It survives if no crash state
# at any cut breaks a promise of the ledger, and every one is consistent after recovery; the message tells the first finding on the smallest
# run that still shows it.
#
# -Verify adds what the application promises: a block that gets a recovered volume as $_ and first argument, and as second the marks that
# the work had left until the cut (Get-WriteLog -Mark 'record 1 is acknowledged'). It throws, or returns text, where something is wrong. It
# sees the oldest disk of each cut, the newest, and -Sample others, by chance from a seed.
if (-not (Get-Module ExtShell)) {
    Import-Module (Join-Path $PSScriptRoot 'ExtShell.psd1') -Global
}
Import-Module (Join-Path $PSScriptRoot 'ExtShell.psd1') # for the operators themselves: its own names, whatever the session calls them

function Get-BecauseText([string] $Because) {
    if ($Because) { " because $($Because -replace '^\s*because\s*')," } else { '' }
}

function Get-Answer([bool] $Succeeded, [string] $Message) {
    [PSCustomObject]@{ Succeeded = $Succeeded; FailureMessage = if ($Succeeded) { $null } else { $Message } }
}

function Invoke-WithVolume([scriptblock] $Block, $Volume, [object[]] $More) {
    $variables = [Collections.Generic.List[psvariable]] @(
        [psvariable]::new('_', $Volume)
        [psvariable]::new('ErrorActionPreference', 'Stop')
    )
    $Block.InvokeWithContext($null, $variables, @($Volume) + $More)
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
    $message = if ($Negate) { "Expected $ActualValue to be damaged,$(Get-BecauseText $Because) but it is consistent." }
    else {
        $head = "Expected $ActualValue to be consistent,$(Get-BecauseText $Because) but the check found:"
        (@($head) + @($found | ForEach-Object { "  $_" })) -join "`n"
    }
    Get-Answer ($isClean -ne [bool] $Negate) $message
}

# What the application's own block says of disks that a cut can leave: the first failure as text, or nothing.
function Find-Failure($Volume, [scriptblock] $Verify, [object] $AtomicUnit, [int] $Sample) {
    $log = $Volume | Get-WriteLog -AsLog
    for ($cut = 0; $cut -le $log.Position; $cut++) {
        $marks = @($log.Marks | Where-Object Item1 -LE $cut | ForEach-Object Item2)
        $states = @(
            $Volume | Invoke-Crash -Cut $cut -AtomicUnit $AtomicUnit -State Oldest
            $Volume | Invoke-Crash -Cut $cut -AtomicUnit $AtomicUnit -State Newest
            for ($seed = 0; $seed -lt $Sample; $seed++) { $Volume | Invoke-Crash -Cut $cut -AtomicUnit $AtomicUnit -Seed $seed }
        )
        foreach ($state in $states | Sort-Object { $_.Versions -join ' ' } -Unique) {
            $after = $state | Mount-Volume -ErrorAction Stop
            try { $said = Invoke-WithVolume $Verify $after (, $marks) }
            catch { $said = if ($_.Exception.InnerException) { $_.Exception.InnerException.Message } else { "$_" } }
            finally { $after | Dismount-Volume -Confirm:$false }
            if ($said -is [string] -and $said) { return "$state`n  marks until then: $($marks -join ', ')`n  found: $said" }
        }
    }
}

function Test-SurviveCrash(
    $ActualValue,
    [switch] $Negate,
    [string] $Because,
    [scriptblock] $Verify,
    [string] $Protocol = 'Ext4Iomap2023',
    [string[]] $Switch = @(),
    [object] $Size = '16MiB',
    [object] $AtomicUnit = 4096,
    [long] $Budget = 1000000,
    [int] $Sample = 6,
    $CallerSessionState
) {
    $isBlock = $ActualValue -is [scriptblock]
    $volume = if ($isBlock) { ExtShell\New-Volume $Size -Protocol $Protocol -Switch $Switch -ErrorAction Stop } else { $ActualValue }
    if ($volume -isnot [ExtShell.Engine.Volumes.Volume]) {
        throw [ArgumentException] "Should -SurviveCrash takes a script block, which gets a volume, or a volume; not '$ActualValue'."
    }
    try {
        if ($isBlock) { $null = Invoke-WithVolume $ActualValue $volume }
        $search = @{ AtomicUnit = $AtomicUnit; MostLeaves = $Budget; ErrorAction = 'Stop' }
        $report = $volume | Search-CrashState @search
        if (-not $report.IsComplete) {
            Write-Warning "The budget of $Budget leaves ended the search: $($report.Summary)."
        }
        $failure = if ($Verify -and $report.IsClean) { Find-Failure $volume $Verify $AtomicUnit $Sample }
        $isSafe = $report.IsClean -and -not $failure
        $message = if ($Negate) { "Expected a crash to break a promise,$(Get-BecauseText $Because) but $($report.Summary)." }
        elseif ($failure) { "Expected -Verify to accept every disk,$(Get-BecauseText $Because) but not the one of`n$failure" }
        elseif (-not $isSafe) {
            $story = $volume | Search-CrashState @search -StopAtFirst -Story
            "Expected every crash state to keep what was promised,$(Get-BecauseText $Because) but $($report.Summary).`n`n$story"
        }
        Get-Answer ($isSafe -ne [bool] $Negate) $message
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
