# Looking into a volume: inodes, superblock, journal, orphans, blocks, where bytes came from; mappings; recovery.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell/ExtShell.psd1') -Force
}

AfterAll {
    Remove-Module ExtShell
}

Describe 'looking' {
    BeforeEach {
        $v = New-Volume 16MB -Label seen
        $v | Write-Direct /log -Fill A -Length 8KB -Sync
    }
    AfterEach { $v | Dismount-Volume }

    It 'shows an inode by path, by number and by pipeline' {
        $inode = $v | Get-Inode /log
        $inode.SizeBytes | Should -Be 8KB
        $inode.DiskSizeBytes | Should -Be 8KB
        $inode.Links | Should -Be 1
        ($v | Get-Inode -Number $inode.Number).Generation | Should -Be $inode.Generation
        ($v | Get-VolumeItem /log | Get-Inode).Number | Should -Be $inode.Number
        ($v | Get-Inode -Number 2, 8).Mode | Should -Not -BeNullOrEmpty
        { $v | Get-Inode -Number 999999 -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.ENOENT,*'
        { $v | Get-Inode /none -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.ENOENT,*'
    }

    It 'shows the size in memory beside the size that a cut can show' {
        $v | Write-Buffered /log -Offset 8KB -Fill B -Length 4KB
        $inode = $v | Get-Inode /log
        $inode.SizeBytes | Should -Be 12KB
        $inode.DiskSizeBytes | Should -Be 8KB
        $inode.HasDirtyPages | Should -BeTrue
    }

    It 'shows the superblock of a volume and of an image, by pipeline too' {
        ($v | Get-Superblock).Label | Should -Be 'seen'
        ($v | Get-Superblock).NeedsRecovery | Should -BeTrue
        $path = Join-Path $TestDrive 'super.img'
        New-Volume 16MB $path -Type ext3 -BlockSize 1024 | Dismount-Volume
        (Get-Superblock $path).BlockSizeBytes | Should -Be 1024
        ($path | Get-Superblock).NeedsRecovery | Should -BeFalse
        (Get-Item $path | Get-Superblock).Features | Should -Not -Contain 'extent'
        { Get-Superblock (Join-Path $TestDrive 'none') -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.ENOENT,*'
    }

    It 'shows the journal and its transactions' {
        $journal = $v | Get-Journal
        $journal.IsEmpty | Should -BeFalse
        $transactions = @($v | Get-Journal -Transaction)
        $transactions.Count | Should -Be $journal.Transactions.Count
        $transactions[0].IsWhole | Should -BeTrue
        $transactions[0].Homes | Should -Contain (($v | Get-Inode /log).ImageOffsetBytes -shr 12)
        $bare = New-Volume 16MB -Type ext2
        { $bare | Get-Journal -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EINVAL,*'
        $bare | Dismount-Volume
    }

    It 'shows orphans while they are there' {
        $v | Get-Orphan | Should -BeNullOrEmpty
        $handle = $v.Open('/log')
        $v | Remove-VolumeItem /log
        ($v | Get-Orphan).Number | Should -Be $handle.Inode
        $handle.Close()
        $v | Get-Orphan | Should -BeNullOrEmpty
    }

    It 'says what blocks are for' {
        ($v | Get-Block 0).Use | Should -Be 'superblock'
        $extent = @($v | Get-Extent /log)[0]
        $block = $extent | Get-Block -Volume $v
        $block.Use | Should -Be 'file data'
        $block.Inode | Should -Be ($v | Get-Inode /log).Number
        $block.FileBlock | Should -Be 0
        $block.Bytes[0] | Should -Be 65
        ($v | Get-Block 4095).IsAllocated | Should -BeFalse
        { $v | Get-Block 4096 -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EINVAL,*'
    }

    It 'says where bytes came from' {
        $v | Set-FileLength /log 24KB -PassThru | Invoke-Fallocate /log 16KB 4KB
        $origins = @($v | Get-Provenance /log)
        $origins[0].Kind | Should -Be 'Data'
        $origins[0].Text | Should -BeLike '*direct write*O_SYNC*'
        $origins.State | Should -Be 'Written', 'Hole', 'Unwritten', 'Hole'
        @($v | Get-Provenance /log 4KB 4KB)[0].OffsetBytes | Should -Be 4096
        { $v | Get-Provenance /none -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.ENOENT,*'
    }
}

Describe 'mappings' {
    BeforeEach {
        $v = New-Volume 16MB
        $v | Write-Buffered /m -Fill a -Length 8KB -PassThru | Sync-Volume
        $map = $v | New-Mapping /m 0 8KB
    }
    AfterEach { $v | Dismount-Volume }

    It 'loads and stores, and readers see it' {
        $map | Write-Mapped 10 -Text hello -PassThru | Read-Mapped 8 8 -AsText | Should -Be 'aahelloa'
        $map | Write-Mapped 0 -Bytes ([byte[]](1, 2))
        ($v | Read-Buffered /m 0 3) -join ' ' | Should -Be '1 2 97'
        $map | Write-Mapped 0 -Text x -WhatIf
        ($v | Read-Buffered /m 0 1)[0] | Should -Be 1
        $map | Remove-Mapping
        $map.IsMapped | Should -BeFalse
    }

    It 'is durable with Sync-Mapped' {
        $map | Write-Mapped 0 -Text kept -PassThru | Sync-Mapped -PassThru | Should -Be $map
        $crashed = $v | Invoke-Crash -State Oldest | Mount-Volume
        $crashed | Read-Buffered /m 0 4 -AsText | Should -Be 'kept'
        $crashed | Dismount-Volume
    }

    It 'refuses what is outside, and stores through a read-only one' {
        { $map | Read-Mapped 64KB 1 -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EFAULT,*'
        $locked = $v | New-Mapping /m 0 4KB -ReadOnly
        { $locked | Write-Mapped 0 -Text x -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EACCES,*'
        { $v | New-Mapping /m 1 4KB -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EINVAL,*'
    }
}

Describe 'Invoke-Recovery' {
    It 'recovers a copy of a crash state, and an image for good' {
        $v = New-Volume 16MB
        $v | Write-Direct /log -Fill A -Length 4KB -Sync
        $state = $v | Invoke-Crash -State Newest
        ($state | Invoke-Recovery).Journal.TransactionsReplayed | Should -BeGreaterThan 0
        ($state | Invoke-Recovery).Journal.TransactionsReplayed | Should -BeGreaterThan 0
        $v | Dismount-Volume
    }

    It 'changes nothing with -WhatIf, and says when nothing was needed' {
        $path = Join-Path $TestDrive 'recover.img'
        New-Volume 16MB $path | Dismount-Volume
        $before = (Get-FileHash $path).Hash
        Invoke-Recovery $path -WhatIf | Should -BeNullOrEmpty
        (Get-FileHash $path).Hash | Should -Be $before
        (Invoke-Recovery $path).Journal | Should -BeNullOrEmpty
        { Invoke-Recovery (Join-Path $TestDrive 'none') -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.ENOENT,*'
    }
}
