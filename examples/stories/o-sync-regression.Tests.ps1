# The regression of O_SYNC, as a test that would have caught it.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell')
    Import-Module (Join-Path (Get-Module ExtShell).ModuleBase 'ExtShell.Pester.psm1')
    $append = { foreach ($number in 0..2) { $_ | Write-Direct /log ($number * 4KB) -Fill A -Length 4KB -Sync } }
}

Describe 'O_SYNC appends' {
    It 'keep size and bytes' {
        $append | Should -SurviveCrash
    }

    It 'do not where the size is raised after the sync: <_>' -ForEach 'ExtendAfterSync', 'ExtendAfterSync:DiskSizeLate' {
        $append | Should -Not -SurviveCrash -Switch $_
    }
}
