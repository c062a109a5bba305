# An append that is a promise when it returns, for a pipeline: fails on the first crash state that breaks it.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell')
    Import-Module (Join-Path (Get-Module ExtShell).ModuleBase 'ExtShell.Pester.psm1')
}

Describe 'appending to a log' {
    It 'keeps records that were acknowledged: <way>' -ForEach @(
        @{ way = 'O_DSYNC'; append = { param($v, $at) $v | Write-Direct /log $at -Fill R -Length 4KB -DataSync } }
        @{ way = 'fdatasync'
            append = { param($v, $at) $v | Write-Direct /log $at -Fill R -Length 4KB -PassThru | Sync-File /log -DataOnly } }
    ) {
        { foreach ($number in 0..2) { & $append $_ ($number * 4KB) } } | Should -SurviveCrash -AtomicUnit 512
    }

    It 'does so on ext3, on ext4 of 2012, and on persistent memory: <_>' -ForEach 'Ext3Indirect', 'Ext4CompletedIo2012', 'Ext4Dax2014' {
        { foreach ($number in 0..2) { $_ | Write-Direct /log ($number * 4KB) -Fill R -Length 4KB -DataSync } } |
            Should -SurviveCrash -Protocol $_
    }
}
