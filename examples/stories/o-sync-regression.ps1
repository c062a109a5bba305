# In 2023 a patch moved the raising of the file's size behind the sync of O_SYNC. Nothing looked wrong: every byte was on the disk.
# The size was not. This story finds it, makes it small, tells it, and shows which protocols never had it.
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell')

function Add-Records($Volume) {
    foreach ($number in 0..2) { $Volume | Write-Direct /log ($number * 4KB) -Fill ([char](65 + $number)) -Length 4KB -Sync }
}

'-- A log is appended with O_DIRECT | O_SYNC, the regression switched on: ExtendAfterSync'
$broken = New-Volume 16MB -Switch ExtendAfterSync
Add-Records $broken
$report = $broken | Search-CrashState
$report.Summary
$report.Findings | Select-Object -First 1 | Format-Table

'-- Made small, and told'
$broken | Search-CrashState -Story | Out-String
if ($report.IsClean) { throw 'the regression was not found' }

'-- What one disk that shows it holds'
$report.Findings[0] | Enter-CrashState
Get-ChildItem | Format-Table
Exit-CrashState

'-- The same work under every protocol that there is, no switch on'
foreach ($protocol in Get-Protocol) {
    $volume = New-Volume 16MB -Protocol $protocol.Name
    Add-Records $volume
    $clean = $volume | Search-CrashState
    '{0,-20} {1}' -f $protocol.Name, $clean.Summary
    if (-not $clean.IsClean) { throw "$($protocol.Name) keeps the promise of O_SYNC" }
    $volume | Dismount-Volume
}
$broken | Dismount-Volume
