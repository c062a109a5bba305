# A volume, an append protocol, a power cut at every instant: what can the disk hold, and was a promise broken?
# Build the module once: dotnet build src/ExtShell.PowerShell
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../module/ExtShell/ExtShell.psd1')

function Invoke-Work($Volume) {
    # A log that is appended with O_DIRECT and O_SYNC: each write is durable when it returns.
    $Volume | Write-Direct /log -Offset 0 -Fill A -Length 4KB -Sync
    $Volume | Write-Direct /log -Offset 4KB -Fill B -Length 4KB -Sync

    # A file that is preallocated, then written asynchronously: durable after the sync, and not before.
    $Volume | Invoke-Fallocate /data 0 64KB
    $Volume | Sync-File /data
    $pending = @(
        $Volume | Start-Direct /data -Offset 32KB -Fill C -Length 4KB
        $Volume | Start-Direct /data -Offset 0 -Fill D -Length 4KB
    )
    $pending | Wait-Direct | Out-Null
    $Volume | Sync-File /data -DataOnly
}

'-- the default protocol'
$volume = New-Volume 64MB
Invoke-Work $volume
$report = $volume | Search-CrashState
$report.Summary
foreach ($outcome in $report.Outcomes) {
    '   cuts {0,-8} {1,8:N0} crash states  {2}' -f "$($outcome.Cuts)", $outcome.States,
        ($outcome.Key.Violations ? 'BROKEN' : 'every promise kept')
}
$report.Model.Omits
"The volume itself: $(($volume | Test-Consistency -Quiet) ? 'clean' : 'damaged')."
$volume | Dismount-Volume

''
'-- the same, with the size raised only after the sync of O_SYNC (a regression of 2023)'
$volume = New-Volume 64MB -Switch ExtendAfterSync
Invoke-Work $volume
$report = $volume | Search-CrashState
$report.Summary
''
# The smallest run that still breaks the promise, and what happens in it, byte by byte.
"$($volume | Search-CrashState -Story)"
$volume | Dismount-Volume
if ($report.IsClean) { throw 'the regression was not found' }
