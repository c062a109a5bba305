# Four ways to append a record to a log. Which of them has it on the disk when the call has returned?
# For each: append three records, cut the power right after the last return, and look at the worst disk that the cut can leave.
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell')

$ways = [ordered]@{
    'write, and nothing more'    = { param($v, $at) $v | Write-Buffered /log $at -Fill R -Length 4KB }
    'O_DIRECT, and nothing more' = { param($v, $at) $v | Write-Direct /log $at -Fill R -Length 4KB }
    'O_DIRECT, then fdatasync'   = { param($v, $at) $v | Write-Direct /log $at -Fill R -Length 4KB -PassThru | Sync-File /log -DataOnly }
    'O_DIRECT | O_DSYNC'         = { param($v, $at) $v | Write-Direct /log $at -Fill R -Length 4KB -DataSync }
}

$results = foreach ($way in $ways.GetEnumerator()) {
    $volume = New-Volume 16MB
    $volume | New-VolumeItem /log -PassThru | Sync-Volume
    foreach ($number in 0..2) { & $way.Value $volume ($number * 4KB) }

    # The disk that has nothing of what was not durable yet: what the application must be able to live with.
    $after = $volume | Invoke-Crash -State Oldest | Mount-Volume -ReadOnly
    $there = ($after | Get-VolumeItem /log).Length / 4KB
    # And every other cut: nothing that was promised is missing, no stale byte is shown, and the volume is sound.
    $report = $volume | Search-CrashState
    if (-not $report.IsClean) { throw 'today''s protocol keeps its promises' }
    [pscustomobject]@{ Way = $way.Key; RecordsThere = $there; CrashStates = $report.States; IsPromise = $there -eq 3 }
    $volume, $after | Dismount-Volume
}
$results | Format-Table

$safe = ($results | Where-Object IsPromise).Way -join '; '
"A return is a promise with: $safe."
'O_DIRECT alone is none: it goes around the page cache, and the size and the mapping still wait for the journal.'
if ($safe -ne 'O_DIRECT, then fdatasync; O_DIRECT | O_DSYNC') { throw 'expected the two ways that wait for the journal to be safe' }
