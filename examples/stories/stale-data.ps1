# A deleted file's content turns up in another file. Two ways in which that happened, and what prevents each.
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell')

'-- 1. A disk that ignores barriers. Somebody has deleted a secret; its blocks are used again.'
function New-VolumeAfterSecret([string] $Barrier) {
    $old = New-Volume 16MB
    $old | Write-Direct /secret -Text 'the secret '.PadRight(4096, '*') -Sync -PassThru | Remove-VolumeItem /secret
    $old | Dismount-Volume
    $old | Invoke-Crash -State Oldest | Mount-Volume -Barrier $Barrier
}

$volume = New-VolumeAfterSecret Ignored
$volume | Write-Direct /public -Fill P -Length 4KB -Sync
$stale = $volume | Search-CrashState -Finding | Where-Object { $_.Violation.Kind -eq 'StaleExposed' } | Select-Object -First 1
$stale | Format-Table
$after = $stale.Example | Mount-Volume -ReadOnly
$seen = $after | Read-Buffered /public 0 24 -AsText
"What a reader of /public sees on that disk: `"$seen`""
if ($seen -notlike 'the secret*') { throw 'the secret is seen' }

$sound = New-VolumeAfterSecret Flush
$sound | Write-Direct /public -Fill P -Length 4KB -Sync
$report = $sound | Search-CrashState
"With flushes: $($report.Summary)"
if (-not $report.IsClean) { throw 'with flushes nothing stale is seen' }
Get-Volume | Dismount-Volume

''
'-- 2. No power cut at all: a hole is mapped as written before its data has arrived, and a reader comes in between.'
$scenario = @'
scenario "fill a hole beside a reader"
setup
  create f /f
  write-direct f at=8192 length=4096 data=pattern:1
  sync
thread
  write-direct f at=0 length=4096 data=pattern:2
thread
  read-buffered f at=0 length=4096
'@
$story = $scenario | Search-Schedule -Strategy Exhaustive -Switch FillHolesWritten -StopAtFirst -Story
$story | Out-String
$cured = $scenario | Search-Schedule -Strategy Exhaustive
"With unwritten blocks, converted when the data is there: $($cured.Summary)"
if (-not $cured.IsClean) { throw 'unwritten blocks read as zeroes' }
