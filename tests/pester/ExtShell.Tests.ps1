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
        (Get-Command -Module ExtShell -CommandType Cmdlet).Name | Sort-Object | Should -Be ($manifest.CmdletsToExport | Sort-Object)
        (Get-Command -Module ExtShell -CommandType Alias).Name | Sort-Object | Should -Be ($manifest.AliasesToExport | Sort-Object)
    }

    It 'warns once where the Storage module is loaded' {
        $said = pwsh -NoProfile -NonInteractive -Command "
            Import-Module '$PSScriptRoot/../../module/ExtShell/ExtShell.psd1'
            [ExtShell.PowerShell.Binding.StorageNotice]::Give()
            New-Module -Name Storage {} | Import-Module
            1..2 | ForEach-Object { [ExtShell.PowerShell.Binding.StorageNotice]::Give() }"
        @($said).Count | Should -Be 1
        $said | Should -BeLike '*WARNING: New-Volume*ExtShell\New-Volume*-Prefix*'
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

Describe 'the pipeline' {
    BeforeEach { $v = New-Volume 16MB }
    AfterEach { $v | Dismount-Volume }

    It 'binds volume and path by property name' {
        $place = [pscustomobject]@{ Volume = $v; Path = '/named' }
        $place | Write-Direct -Fill N -Length 512
        $place | Invoke-Fallocate -Offset 0 -Length 8KB
        $place | Sync-File
        $place | Read-Direct -Length 512 -AsText | Should -Be ('N' * 512)
        ($place | Get-Extent).Count | Should -BeGreaterThan 0
        $pending = $place | Start-Direct -Offset 4KB -Fill P -Length 512
        $pending | Read-Direct -Offset 0 -AsText | Should -Be ('N' * 512)
        ($pending | Wait-Direct).Result | Should -Be 512
        $pending | Read-Direct -AsText | Should -Be ('P' * 512) # the range that it wrote
    }

    It 'passes the volume on only where it is asked to' {
        $v | Write-Direct /log -Fill A -Length 512 | Should -BeNullOrEmpty
        ($v | Write-Direct /log -Fill A -Length 512 -PassThru) | Should -Be $v
        ($v | Invoke-Fallocate /log 0 4KB -PassThru) | Should -Be $v
        ($v | Sync-File /log -PassThru) | Should -Be $v
    }

    It 'keeps the size with -KeepSize' {
        $v | Invoke-Fallocate /data 0 64KB -KeepSize
        $v.Stat('/data').SizeBytes | Should -Be 0
        $v | Invoke-Fallocate /data 0 '64KiB'
        $v.Stat('/data').SizeBytes | Should -Be 64KB
    }

    It 'checks a volume, an image by path, by pipeline and by property, and a crash state' {
        $path = Join-Path $TestDrive 'check.img'
        New-Volume 16MB $path | Dismount-Volume
        ($v | Test-Consistency).IsClean | Should -BeTrue
        (Test-Consistency $path).IsClean | Should -BeTrue
        $path | Test-Consistency -Quiet | Should -BeTrue
        Get-Item $path | Test-Consistency -Quiet | Should -BeTrue
        $v | Invoke-Crash | Test-Consistency -Quiet | Should -BeTrue
    }

    It 'mounts an image by pipeline and by property' {
        $path = Join-Path $TestDrive 'mount.img'
        New-Volume 16MB $path -Type ext2 -BlockSize 1024 -Label here | Dismount-Volume
        $byValue = $path | Mount-Volume -ReadOnly
        $byValue.IsReadOnly | Should -BeTrue
        $byValue | Dismount-Volume
        $byProperty = Get-Item $path | Mount-Volume -ReadOnly
        $byProperty.IsReadOnly | Should -BeTrue
        $byProperty | Dismount-Volume
    }

    It 'streams findings as they are found and stops at the first' {
        $broken = New-Volume 16MB -Switch ExtendAfterSync
        0..2 | ForEach-Object { $broken | Write-Direct /log -Offset ($_ * 4KB) -Fill A -Length 4KB -Sync }
        @($broken | Search-CrashState -Finding | Select-Object -First 1).Count | Should -Be 1
        ($broken | Search-CrashState -StopAtFirst).IsComplete | Should -BeFalse
        ($broken | Search-CrashState -MostLeaves 1).Leaves | Should -BeLessOrEqual 1
        $broken | Dismount-Volume
    }

    It 'takes the device model' {
        $v | Write-Direct /log -Fill A -Length 4KB
        $torn = ($v | Invoke-Crash -AsCut -AtomicUnit 512).States
        $torn | Should -BeGreaterOrEqual ($v | Invoke-Crash -AsCut).States
        ($v | Search-CrashState -AtomicUnit 4K -Barrier Flush).Model.AtomicUnitBytes | Should -Be 4096
    }
}

Describe 'mistakes' {
    BeforeEach { $v = New-Volume 16MB }
    AfterEach { $v | Dismount-Volume }

    It '<name> says <id>' -ForEach @(
        @{ name = 'Read-Direct of a file that is not there'; id = 'ENOENT'; work = { $v | Read-Direct /none -ErrorAction Stop } }
        @{ name = 'Get-Extent of a file that is not there'; id = 'ENOENT'; work = { $v | Get-Extent /none -ErrorAction Stop } }
        @{ name = 'Sync-File of a file that is not there'; id = 'ENOENT'; work = { $v | Sync-File /none -ErrorAction Stop } }
        @{ name = 'Write-Direct to a directory'; id = 'EISDIR'
            work = { $v | Write-Direct /lost+found -Fill A -Length 512 -ErrorAction Stop } }
        @{ name = 'Wait-Direct for a write that is not aligned'; id = 'EINVAL'
            work = { $v | Start-Direct /log 7 -Fill A -Length 512 | Wait-Direct -ErrorAction Stop } }
        @{ name = 'Invoke-Fallocate of nothing'; id = 'EINVAL'; work = { $v | Invoke-Fallocate /log 0 0 -ErrorAction Stop } }
        @{ name = 'Invoke-Fallocate of more than there is'; id = 'ENOSPC'; work = { $v | Invoke-Fallocate /log 0 1GB -ErrorAction Stop } }
        @{ name = 'Invoke-Crash at a cut that is none'; id = 'EINVAL'; work = { $v | Invoke-Crash -Cut 100000 -ErrorAction Stop } }
        @{ name = 'Search-CrashState with a unit that is none'; id = 'EINVAL'
            work = { $v | Search-CrashState -AtomicUnit 100 -ErrorAction Stop } }
        @{ name = 'New-Volume with a switch that is none'; id = 'EINVAL'; work = { New-Volume 16MB -Switch Bogus -ErrorAction Stop } }
        @{ name = 'New-Volume too small'; id = 'EINVAL'; work = { New-Volume 4KB -ErrorAction Stop } }
        @{ name = 'Mount-Volume of a folder'; id = 'EISDIR'; work = { Mount-Volume $TestDrive -ErrorAction Stop } }
        @{ name = 'Test-Consistency of an image that is not there'; id = 'ENOENT'
            work = { Test-Consistency "$TestDrive/none" -ErrorAction Stop } }
        @{ name = 'New-Volume in a folder that is not there'; id = 'HostIo'
            work = { New-Volume 16MB "$TestDrive/none/a.img" -ErrorAction Stop } }
    ) {
        $work | Should -Throw -ErrorId "Ext.$id,*"
    }

    It 'says what is wrong with garbage, and that it is no volume' {
        $path = Join-Path $TestDrive 'garbage.img'
        [IO.File]::WriteAllBytes($path, [byte[]]::new(1MB))
        { Mount-Volume $path -ErrorAction Stop } | Should -Throw '*s_magic*' -ErrorId 'Ext.Corruption,*'
    }

    It 'goes on with the next object after an error' {
        $read = '/none', '/log' | ForEach-Object { [pscustomobject]@{ Volume = $v; Path = $_ } } |
            ForEach-Object { if ($_.Path -eq '/log') { $_ | Write-Direct -Fill A -Length 512 }; $_ } |
            Read-Direct -Length 512 -AsText -ErrorAction SilentlyContinue -ErrorVariable failed
        $read | Should -Be ('A' * 512)
        $failed.Count | Should -Be 1
    }

    It 'says EBADF of a volume that was dismounted, and dismounts twice in peace' {
        $gone = New-Volume 16MB
        $gone | Dismount-Volume
        $gone | Dismount-Volume
        { $gone | Read-Direct /log -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EBADF,*'
    }
}

Describe '-WhatIf' {
    It 'writes, reserves and starts nothing' {
        $v = New-Volume 16MB
        $v | Write-Direct /log -Fill A -Length 512 -WhatIf
        $v | Invoke-Fallocate /log 0 4KB -WhatIf
        $v | Start-Direct /log -Fill A -Length 512 -WhatIf | Should -BeNullOrEmpty
        $v.Exists('/log') | Should -BeFalse
        $v | Dismount-Volume
    }

    It 'neither mounts nor recovers an image' {
        $path = Join-Path $TestDrive 'untouched.img'
        New-Volume 16MB $path | Dismount-Volume
        $before = (Get-FileHash $path).Hash
        Mount-Volume $path -WhatIf | Should -BeNullOrEmpty
        (Get-FileHash $path).Hash | Should -Be $before
    }
}

Describe 'views' {
    It 'shows <name> by its own view' -ForEach @(
        @{ name = 'a volume'; shows = '*16777216*mounted*Ext4Iomap2023*memory*'; work = { $v } }
        @{ name = 'a crash state'; shows = '*Undecided*'; work = { $v | Invoke-Crash } }
        @{ name = 'a cut'; shows = '*UndecidedCount*'; work = { $v | Invoke-Crash -AsCut } }
        @{ name = 'a report'; shows = '*every promise kept*Omits*'; work = { $v | Search-CrashState } }
        @{ name = 'a check'; shows = '*IsClean*Inodes*Blocks*'; work = { $v | Test-Consistency } }
        @{ name = 'an extent'; shows = '*LogicalBlock PhysicalBlock LengthBlocks State*'; work = { $v | Get-Extent /log } }
    ) {
        $v = New-Volume 16MB
        $v | Write-Direct /log -Fill A -Length 4KB -Sync
        & $work | Out-String -Width 160 | Should -BeLike $shows
        $v | Dismount-Volume
    }
}
