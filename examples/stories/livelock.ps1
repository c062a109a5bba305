# A worker converts what direct writes have completed, and wants the inode's lock for it. Truncate has the lock, and waits until no write is
# in flight. The worker only tries the lock, and queues itself again when it fails: both are busy, or wait, for ever. So it was before 2012;
# it was found by a test that hung for hours. Here it is found by search, as a cycle that a fair schedule repeats.
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell')

$scenario = @'
scenario "write while somebody truncates"
mount protocol=Ext4CompletedIo2012
setup
  create f /f
  fallocate f at=0 length=16384
thread
  start-direct w f at=0 length=8192 data=pattern:1
  wait-direct w f
thread
  truncate f to=0
'@

'-- The worker tries the lock'
$finding = $scenario | Search-Schedule -Strategy Exhaustive -Switch WorkerTriesInodeLock -Finding | Where-Object Kind -EQ Livelock |
    Select-Object -First 1
if (-not $finding) { throw 'the livelock was not found' }
$finding.Message

''
'-- The schedule that leads there, as short as it can be'
$scenario | Search-Schedule -Strategy Exhaustive -Switch WorkerTriesInodeLock -StopAtFirst -Story | Out-String

'-- It replays: the same decisions, the same end'
$replay = $finding | Invoke-Schedule
"faithful: $($replay.IsFaithful); shows: $($replay.Findings.Kind -join ', ')"

''
'-- Without that lock, as since 2012: the list is taken whole, and converted by whoever comes first'
$cured = $scenario | Search-Schedule -Strategy Exhaustive
$cured.Summary
if (-not $cured.IsClean) { throw 'no livelock without the lock' }
