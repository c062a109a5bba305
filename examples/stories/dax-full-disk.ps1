# Persistent memory, and a full disk. In 2014 a write that found no space fell back to the page cache, as writes to disks do. But with DAX
# nobody reads the page cache: the write reports success, and its bytes are nowhere to be seen.
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell')

$scenario = @'
scenario "write on a full volume while space comes back"
mount protocol=Ext4Dax2014
setup
  create f /f
thread
  inject full leave=1
  write-direct f at=0 length=8192 data=pattern:1
thread
  inject space-back
thread
  read-direct f at=0 length=8192
'@

'-- One block is left. One thread writes two blocks, one frees space, one reads; who goes on when is searched for.'
$report = $scenario | Search-Schedule -Strategy Exhaustive -Switch BufferedFallback
$report.Summary
$report.Findings | Select-Object -First 1 | Format-Table
if ($report.IsClean) { throw 'the fallback was not found' }

'-- The shortest schedule that shows it, step by step'
$scenario | Search-Schedule -Strategy Exhaustive -Switch BufferedFallback -StopAtFirst -Story | Out-String

'-- Without the fallback a write that finds no space says how much it wrote, and that is there'
$cured = $scenario | Search-Schedule -Strategy Exhaustive
$cured.Summary
if (-not $cured.IsClean) { throw 'clean without the fallback' }
