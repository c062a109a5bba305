# Volumes as a whole: list, copy, format, remember and restore, sync, shut down, folders in and out.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell/ExtShell.psd1') -Force
}

AfterAll {
    Remove-Module ExtShell
}

Describe 'Get-Volume' {
    It 'lists what is mounted, by number and by image' {
        $path = Join-Path $TestDrive 'listed.img'
        $a = New-Volume 16MB
        $b = New-Volume 16MB $path
        Get-Volume | Should -Contain $a
        Get-Volume $a.Number | Should -Be $a
        Get-Volume -Path $path | Should -Be $b
        $b.Image | Should -Be $path
        $a, $b | Dismount-Volume
        Get-Volume | Should -Not -Contain $a
        $a.Number | Should -Be 0
    }

    It 'lets a volume be named by number or image file wherever one is wanted' {
        $path = Join-Path $TestDrive 'named.img'
        $v = New-Volume 16MB $path
        Write-Direct -Volume $v.Number /log -Fill A -Length 512
        Read-Direct -Volume named.img /log -Length 512 -AsText | Should -Be ('A' * 512)
        { Read-Direct -Volume other.img /log } | Should -Throw '*no mounted volume*'
        (Search-CrashState -Volume $v.Number).States | Should -Be (Search-CrashState named.img).States
        (Get-Superblock -Volume $v.Number).BlocksCount | Should -Be 4096
        Test-Consistency $v.Number -Quiet | Should -BeTrue
        $v | Dismount-Volume
    }

    It 'is not made in the place of a file that is no image, without -Force' {
        $path = Join-Path $TestDrive 'precious.txt'
        Set-Content $path 'years of work'
        $v = New-Volume 16MB
        { New-Volume 16MB $path -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EEXIST,*'
        { $v | Copy-Volume $path -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EEXIST,*'
        { $v | Invoke-Crash | Export-CrashState $path -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EEXIST,*'
        Get-Content $path | Should -Be 'years of work'
        New-Volume 16MB $path -Force | Dismount-Volume
        $v | Invoke-Crash | Export-CrashState $path
        $v | Copy-Volume $path | Dismount-Volume
        [IO.File]::WriteAllBytes($path, [byte[]]::new(1MB))
        New-Volume 16MB $path | Dismount-Volume
        Test-Consistency $path -Quiet | Should -BeTrue
        $v | Dismount-Volume
    }

    It 'is not asked of an image that is mounted already, under whatever name' {
        $path = Join-Path $TestDrive 'once.img'
        $link = New-Item -ItemType SymbolicLink (Join-Path $TestDrive 'again.img') -Target $path
        $v = New-Volume 16MB $path
        $v | Write-Buffered /a -Text kept -Sync
        { Mount-Volume $path -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EBUSY,*'
        { Mount-Volume $link -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EBUSY,*'
        { New-Volume 8MB $path -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EBUSY,*'
        { Format-Volume -Path $path -Force -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EBUSY,*'
        { New-PSDrive -Name twice -PSProvider ExtShell -Root $path -ReadWrite -ErrorAction Stop } | Should -Throw '*EBUSY*'
        Mount-Volume $path -ReadOnly | Dismount-Volume
        $v | Read-Buffered /a -AsText | Should -Be 'kept'
        $v | Dismount-Volume
        Mount-Volume $path | Read-Buffered /a -AsText | Should -Be 'kept'
        Get-Volume -Path $path | Dismount-Volume
    }
}

Describe 'Copy-Volume' {
    It 'copies to memory, and both go their own way' {
        $v = New-Volume 16MB
        $v | Write-Buffered /a -Text one
        $copy = $v | Copy-Volume
        $v | Write-Buffered /a -Text two
        $copy | Read-Buffered /a -AsText | Should -Be 'one'
        $v | Read-Buffered /a -AsText | Should -Be 'two'
        $copy | Test-Consistency -Quiet | Should -BeTrue
        $v, $copy | Dismount-Volume
    }

    It 'copies to an image file that checks clean, and not with -WhatIf' {
        $path = Join-Path $TestDrive 'copy.img'
        $v = New-Volume 16MB
        $v | Write-Buffered /a -Text one
        $v | Copy-Volume $path -WhatIf | Should -BeNullOrEmpty
        Test-Path $path | Should -BeFalse
        $v | Copy-Volume $path | Dismount-Volume
        Test-Consistency $path -Quiet | Should -BeTrue
        $v | Dismount-Volume
    }
}

Describe 'Format-Volume' {
    It 'makes another file system on a volume' {
        $v = New-Volume 16MB
        $v | Write-Buffered /a -Text gone
        $new = $v | Format-Volume -Type ext2 -BlockSize 1024 -Label anew -Force
        $v.IsMounted | Should -BeFalse
        ($new | Get-VolumeItem -Children).Name | Should -Be 'lost+found'
        $new | Test-Consistency -Quiet | Should -BeTrue
        $new | Dismount-Volume
    }

    It 'makes one in an image file, by path and by property' {
        $path = Join-Path $TestDrive 'format.img'
        [IO.File]::WriteAllBytes($path, [byte[]]::new(16MB))
        Format-Volume -Path $path -Force | Dismount-Volume
        Test-Consistency $path -Quiet | Should -BeTrue
        Get-Item $path | Format-Volume -Type ext3 -Confirm:$false | Dismount-Volume
        Test-Consistency $path -Quiet | Should -BeTrue
    }

    It 'asks first, and changes nothing with -WhatIf, not even with -Force' {
        $v = New-Volume 16MB
        $v | Format-Volume -WhatIf | Should -BeNullOrEmpty
        $v | Format-Volume -WhatIf -Force | Should -BeNullOrEmpty
        $v.IsMounted | Should -BeTrue
        $v | Dismount-Volume
        (Get-Command Format-Volume).ImplementingType.GetCustomAttributes($true).ConfirmImpact | Should -Contain 'High'
    }

    It 'takes volumes of ExtShell and image paths, and nothing else' {
        { Format-Volume -DriveLetter C } | Should -Throw
        { Format-Volume -Path (Join-Path $TestDrive 'none.img') -Force -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.ENOENT,*'
    }
}

Describe 'Checkpoint-Volume and Restore-Volume' {
    It 'brings a volume back, as often as one likes' {
        $v = New-Volume 16MB
        $v | Write-Direct /log -Fill A -Length 4KB
        $checkpoint = $v | Checkpoint-Volume before
        $checkpoint.Name | Should -Be 'before'
        $v | Write-Direct /log -Fill B -Length 4KB
        $first = $checkpoint | Restore-Volume
        $v.IsMounted | Should -BeFalse
        $first | Read-Direct /log -Length 512 -AsText | Should -Be ('A' * 512)
        $first | Write-Direct /log -Fill C -Length 4KB -Sync
        $second = $checkpoint | Restore-Volume -Volume $first
        $second | Read-Direct /log -Length 512 -AsText | Should -Be ('A' * 512)
        $second | Test-Consistency -Quiet | Should -BeTrue
        $second | Dismount-Volume
    }

    It 'brings an image file back, and not with -WhatIf' {
        $path = Join-Path $TestDrive 'restore.img'
        $v = New-Volume 16MB $path
        $checkpoint = $v | Checkpoint-Volume
        $v | Write-Buffered /new -Text x
        $checkpoint | Restore-Volume -WhatIf
        $v.IsMounted | Should -BeTrue
        $checkpoint | Restore-Volume | Dismount-Volume
        Test-Consistency $path -Quiet | Should -BeTrue
        $again = Mount-Volume $path -ReadOnly
        $again.Exists('/new') | Should -BeFalse
        $again | Dismount-Volume
    }

    It 'refuses the volume of another storage, and an image that was closed' {
        $v = New-Volume 16MB
        $other = New-Volume 16MB
        $checkpoint = $v | Checkpoint-Volume
        { $checkpoint | Restore-Volume -Volume $other -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EINVAL,*'
        $v, $other | Dismount-Volume
        $closed = New-Volume 16MB (Join-Path $TestDrive 'closed.img')
        $checkpoint = $closed | Checkpoint-Volume
        $closed | Dismount-Volume
        { $checkpoint | Restore-Volume -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EBADF,*'
    }
}

Describe 'Sync-Volume and Stop-Volume' {
    It 'makes everything durable' {
        $v = New-Volume 16MB
        $v | Write-Buffered /a -Text kept -PassThru | Sync-Volume -PassThru | Should -Be $v
        $crashed = $v | Invoke-Crash -State Oldest | Mount-Volume
        $crashed | Read-Buffered /a -AsText | Should -Be 'kept'
        $v, $crashed | Dismount-Volume
    }

    It 'shuts down: every call after it answers EIO' {
        $v = New-Volume 16MB
        $v | Stop-Volume NoLogFlush -WhatIf
        $v | Write-Buffered /a -Text x
        $v | Stop-Volume NoLogFlush -PassThru | Should -Be $v
        { $v | Write-Buffered /a -Text y -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EIO,*'
        $v | Dismount-Volume
    }
}

Describe 'Import-Folder and Export-Folder' {
    BeforeAll {
        $from = Join-Path $TestDrive 'from'
        $null = New-Item -ItemType Directory (Join-Path $from 'sub/deep') -Force
        Set-Content (Join-Path $from 'a.txt') 'alpha' -NoNewline
        Set-Content -LiteralPath (Join-Path $from 'sub/b [1].txt') 'beta' -NoNewline
        [IO.File]::WriteAllBytes((Join-Path $from 'sub/deep/big.bin'), [byte[]](@(0) * 1MB + @(7) * 1MB))
    }

    It 'brings a folder in and out again, byte for byte' {
        $to = Join-Path $TestDrive 'to'
        $v = New-Volume 32MB
        $v | Import-Folder $from -PassThru | Should -Be $v
        $v | Import-Folder $from /copy/of/it
        $v | Test-Consistency -Quiet | Should -BeTrue
        $v | Export-Folder $to
        foreach ($file in 'a.txt', 'sub/b [1].txt', 'sub/deep/big.bin', 'copy/of/it/sub/b [1].txt') {
            $original = Join-Path $from ($file -replace '^copy/of/it/')
            (Get-FileHash -LiteralPath (Join-Path $to $file)).Hash | Should -Be (Get-FileHash -LiteralPath $original).Hash
        }
        $v | Dismount-Volume
    }

    It 'leaves holes where there are zeroes' {
        $v = New-Volume 32MB
        $v | Import-Folder $from
        $first = ($v | Get-Extent /sub/deep/big.bin)[0]
        $first.LogicalBlock | Should -Be 256
        $v | Dismount-Volume
    }

    It 'takes links, times and permissions along' -Skip:$IsWindows {
        $tree = Join-Path $TestDrive 'tree'
        $null = New-Item -ItemType Directory $tree
        $program = Join-Path $tree 'program'
        Set-Content $program 'run'
        $null = New-Item -ItemType SymbolicLink (Join-Path $tree 'link') -Target 'program'
        [IO.File]::SetUnixFileMode($program, 'UserRead, UserExecute')
        [IO.File]::SetLastWriteTimeUtc($program, [datetime]::UnixEpoch.AddSeconds(5))
        $v = New-Volume 32MB
        $v | Import-Folder $tree
        $v | Get-VolumeItem /link | ForEach-Object LinkTarget | Should -Be 'program'
        $v | Export-Folder (Join-Path $TestDrive 'again')
        $again = Get-Item (Join-Path $TestDrive 'again/program')
        $again.UnixFileMode | Should -Be 'UserExecute, UserRead'
        $again.LastWriteTimeUtc | Should -Be ([datetime]::UnixEpoch.AddSeconds(5))
        (Get-Item (Join-Path $TestDrive 'again/link')).LinkTarget | Should -Be 'program'
        $v | Dismount-Volume
    }

    It 'copies nothing with -WhatIf, and says ENOENT and ENOSPC' {
        $v = New-Volume 1MB -Type ext2
        $v | Import-Folder $from -WhatIf
        $v.Exists('/a.txt') | Should -BeFalse
        { $v | Import-Folder (Join-Path $TestDrive 'nowhere') -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.ENOENT,*'
        { $v | Import-Folder $from -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.ENOSPC,*'
        $v | Export-Folder (Join-Path $TestDrive 'untouched') -WhatIf
        Test-Path (Join-Path $TestDrive 'untouched') | Should -BeFalse
        { $v | Dismount-Volume -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.ENOSPC,*' -Because 'the part that was written finds no place either'
        $v.IsMounted | Should -BeFalse
    }
}

Describe 'volumes and sessions' {
    It 'unmounts and closes everything when the module is removed' {
        $path = Join-Path $TestDrive 'removed.img'
        $said = pwsh -NoProfile -NonInteractive -Command "
            Import-Module '$PSScriptRoot/../../module/ExtShell/ExtShell.psd1'
            `$v = New-Volume 16MB '$path'
            `$v | Write-Buffered /a -Text kept
            Remove-Module ExtShell
            `$v.IsMounted"
        $said | Should -Be 'False'
        $v = Mount-Volume $path
        $v.Recovery | Should -BeNullOrEmpty
        $v | Read-Buffered /a -AsText | Should -Be 'kept'
        $v | Dismount-Volume
    }

    It 'is safe under ForEach-Object -Parallel, on many volumes and on one' {
        $module = (Get-Module ExtShell).Path -replace 'bin.ExtShell.PowerShell.dll$', 'ExtShell.psd1'
        $one = New-Volume 32MB
        $clean = 1..8 | ForEach-Object -Parallel {
            Import-Module $using:module
            $v = New-Volume 16MB
            0..7 | ForEach-Object { $v | Write-Direct /log -Offset ($_ * 4KB) -Fill A -Length 4KB -Sync }
            $v | Test-Consistency -Quiet
            $v | Dismount-Volume
            $number = $_
            0..7 | ForEach-Object { $using:one | Write-Direct "/log$number" -Offset ($_ * 4KB) -Fill B -Length 4KB }
        }
        $clean | Should -Be (@($true) * 8)
        $one | Test-Consistency -Quiet | Should -BeTrue
        ($one | Get-VolumeItem -Children | Where-Object Name -like 'log*').ForEach('Length') | Should -Be (@(32KB) * 8)
        $one | Dismount-Volume
    }
}
