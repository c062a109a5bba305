# An application's own write protocol, looked at on every disk that a power cut can leave: a journal with a header that says how many
# records there are. The file system keeps its promises in both runs; whether the application does depends on the order of its writes. The
# suite that guards it in a pipeline is guard-a-write-protocol.Tests.ps1, beside this file.
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell')
. (Join-Path $PSScriptRoot 'journal.ps1')

function Show-Protocol([scriptblock] $Append) {
    $volume = New-Volume 16MB
    New-Journal $volume
    $begin = ($volume | Get-WriteLog -AsLog).Position
    $acknowledged = @(foreach ($number in 1..3) {
            & $Append $volume $number
            ($volume | Get-WriteLog -AsLog).Position
        })
    $failures = @(foreach ($cut in $begin..$acknowledged[-1]) {
            $states = foreach ($state in 'Oldest', 'Newest') { $volume | Invoke-Crash -Cut $cut -State $state }
            $states += foreach ($seed in 0..5) { $volume | Invoke-Crash -Cut $cut -Seed $seed }
            foreach ($state in $states) {
                $after = $state | Mount-Volume
                try { Test-Journal $after @($acknowledged -le $cut).Count }
                catch { [pscustomobject]@{ Cut = $cut; Found = "$_" } }
                $after | Dismount-Volume
            }
        })
    "   the file system: $(($volume | Search-CrashState).Summary)"
    "   the application: $($failures.Count) of the disks broken"
    $failures | Select-Object -First 1 | ForEach-Object { "   such as at cut $($_.Cut): $($_.Found)" }
    $volume | Dismount-Volume
}

'-- Record and header are written together, and both are waited for'
Show-Protocol ${function:Add-Together}
'-- First the record, then the header'
Show-Protocol ${function:Add-InOrder}
