# The module under a real pwsh: binding, pipeline, errors. What the verbs do is tested by dotnet test.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell/ExtShell.psd1') -Force
}

AfterAll {
    Remove-Module ExtShell
}

Describe 'the module' {
    It 'exports what the manifest says' {
        $manifest = Import-PowerShellDataFile (Join-Path $PSScriptRoot '../../module/ExtShell/ExtShell.psd1')
        (Get-Command -Module ExtShell).Name | Sort-Object | Should -Be ($manifest.CmdletsToExport | Sort-Object)
    }

    It 'uses approved verbs' {
        $approved = (Get-Verb).Verb
        (Get-Command -Module ExtShell).Verb | ForEach-Object { $_ | Should -BeIn $approved }
    }
}

Describe 'volumes' {
    It 'makes a volume in memory' {
        $v = New-Volume 64MB
        $v.IsMounted | Should -BeTrue
        $v | Dismount-Volume
        $v.IsMounted | Should -BeFalse
    }

    It 'takes sizes as text' {
        $v = New-Volume '16MiB'
        $v.Device.LengthBytes | Should -Be 16MB
        $v | Dismount-Volume
    }

    It 'refuses a size that is none' {
        { New-Volume 'many' } | Should -Throw "*64MiB*"
    }

    It 'makes an image file that mounts again' {
        $path = Join-Path $TestDrive 'a.img'
        New-Volume 16MB $path | Write-Direct /log -Fill A -Length 4KB -Sync -PassThru | Dismount-Volume
        (Test-Consistency -Path $path).IsClean | Should -BeTrue
        $v = Mount-Volume $path
        $v | Read-Direct /log -AsText | Should -Be ('A' * 4096)
        $v | Dismount-Volume
    }

    It 'does not touch the image under -WhatIf' {
        $path = Join-Path $TestDrive 'whatif.img'
        New-Volume 16MB $path -WhatIf
        Test-Path $path | Should -BeFalse
    }

    It 'says ENOENT for an image that is not there' {
        Mount-Volume (Join-Path $TestDrive 'none.img') -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'Ext.ENOENT*'
        $failed[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
    }
}

Describe 'direct I/O' {
    BeforeEach { $v = New-Volume 16MB }
    AfterEach { $v | Dismount-Volume }

    It 'writes and reads back' {
        $v | Write-Direct /log -Offset 0 -Fill A -Length 4KB -Sync
        $v | Write-Direct /log -Offset 4KB -Fill B -Length 4KB -DataSync
        $bytes = $v | Read-Direct /log 4KB 4KB
        $bytes.Length | Should -Be 4096
        $bytes[0] | Should -Be ([byte][char]'B')
    }

    It 'writes bytes as they are' {
        $v | Write-Direct /raw -Bytes ([byte[]](1..255 + 0) * 2)
        ($v | Read-Direct /raw 0 512)[254] | Should -Be 255
    }

    It 'refuses what is not aligned' {
        $v | Write-Direct /log -Offset 1 -Fill A -Length 512 -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'Ext.EINVAL*'
        $failed[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'starts and waits' {
        $v | Invoke-Fallocate /data 0 64KB
        $pending = 0..3 | ForEach-Object { $v | Start-Direct /data -Offset ($_ * 4KB) -Fill C -Length 4KB }
        $pending.IsAcknowledged | Should -Not -Contain $true
        ($pending | Wait-Direct).Result | Should -Be @(4096, 4096, 4096, 4096)
    }

    It 'shows extents' {
        $v | Invoke-Fallocate /data 0 64KB
        $v | Write-Direct /data -Offset 4KB -Fill C -Length 4KB
        $states = ($v | Get-Extent /data).State
        $states | Should -Contain 'Written'
        $states | Should -Contain 'Unwritten'
    }
}

Describe 'crashes' {
    It 'finds nothing in the default protocol' {
        $v = New-Volume 16MB
        $v | Write-Direct /log -Fill A -Length 4KB -Sync
        $report = $v | Search-CrashState
        $report.IsClean | Should -BeTrue
        $report.States | Should -BeGreaterThan 1
        $v | Dismount-Volume
    }

    It 'finds the lost size of ExtendAfterSync' {
        $v = New-Volume 16MB -Switch ExtendAfterSync
        $v | Write-Direct /log -Fill A -Length 4KB -Sync
        $v | Write-Direct /log -Offset 4KB -Fill B -Length 4KB -Sync
        $findings = @($v | Search-CrashState -Finding)
        $findings.Count | Should -BeGreaterThan 0
        "$($v | Search-CrashState -Story)" | Should -Match 'THE POWER FAILS'
        $v | Dismount-Volume
    }

    It 'returns a state that mounts and checks' {
        $v = New-Volume 16MB
        $v | Write-Direct /log -Fill A -Length 4KB -Sync
        $v | Write-Direct /log -Offset 4KB -Fill B -Length 4KB
        $state = $v | Invoke-Crash -State Newest
        ($state | Test-Consistency).IsClean | Should -BeTrue
        $crashed = $state | Mount-Volume
        ($crashed | Read-Direct /log 0 4KB -AsText) | Should -Be ('A' * 4096)
        $crashed | Dismount-Volume
        ($v | Invoke-Crash -AsCut).States | Should -BeGreaterOrEqual 1
        $v | Dismount-Volume
    }

    It 'samples the same state from the same seed' {
        $v = New-Volume 16MB
        $v | Write-Direct /log -Fill A -Length 4KB
        $a = $v | Invoke-Crash -Seed 7
        $b = $v | Invoke-Crash -Seed 7
        $a.Versions | Should -Be $b.Versions
        $v | Dismount-Volume
    }
}
