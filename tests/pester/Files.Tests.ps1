# Files and names inside volumes: buffered I/O, sizes, ranges, items, the write log.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell/ExtShell.psd1') -Force
}

AfterAll {
    Remove-Module ExtShell
}

Describe 'Write-Buffered and Read-Buffered' {
    BeforeEach { $v = New-Volume 16MB }
    AfterEach { $v | Dismount-Volume }

    It 'writes text, bytes and fill at any offset' {
        $v | Write-Buffered /a -Text 'häuser' -PassThru | Write-Buffered /a -Offset 100 -Bytes ([byte[]](1, 2, 3)) -PassThru |
            Write-Buffered /a 103 -Fill Z -Length 2
        $v | Read-Buffered /a 0 7 -AsText | Should -Be 'häuser'
        ($v | Read-Buffered /a 98 7) -join ' ' | Should -Be '0 0 1 2 3 90 90'
        $v | Read-Buffered /a 1000 | Should -HaveCount 1 # an empty array, as one object
    }

    It 'is durable with -Sync, and perhaps not without' {
        $v | Write-Buffered /kept -Text yes -Sync
        $v | Write-Buffered /lost -Text no
        $crashed = $v | Invoke-Crash -State Oldest | Mount-Volume
        $crashed | Read-Buffered /kept -AsText | Should -Be 'yes'
        $crashed.Exists('/lost') | Should -BeFalse
        $crashed | Dismount-Volume
    }

    It 'takes what to do from the properties of objects, as from a table of calls' {
        $calls = @'
path,offset,fill,length
/log,0,A,4096
/log,4K,B,512
'@ | ConvertFrom-Csv
        $calls | Write-Direct -Volume $v
        $calls | Select-Object -Last 1 | Read-Direct -Volume $v -AsText | Should -Be ('B' * 512)
        [pscustomobject]@{ Volume = $v; InnerPath = '/t'; Text = 'text' } | Write-Buffered
        $v | Get-VolumeItem /t | Read-Buffered -AsText | Should -Be 'text'
        [pscustomobject]@{ InnerPath = '/r'; OffsetBytes = 0; LengthBytes = '8K' } | Invoke-Fallocate -Volume $v -PassThru | Get-VolumeItem /r | ForEach-Object Length | Should -Be 8192
    }

    It 'fills with a byte, and with nothing that is more' {
        $v | Write-Buffered /a -Fill ([char]0xFF) -Length 2
        ($v | Read-Buffered /a) -join ' ' | Should -Be '255 255'
        { $v | Write-Buffered /a -Fill ([char]0x20AC) -Length 2 -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EINVAL,*'
    }

    It 'is seen by direct reads, and writes nothing with -WhatIf' {
        $v | Write-Buffered /a -Fill Q -Length 512
        $v | Read-Direct /a -Length 512 -AsText | Should -Be ('Q' * 512)
        $v | Write-Buffered /b -Text x -WhatIf
        $v.Exists('/b') | Should -BeFalse
    }
}

Describe 'Set-FileLength and Invoke-Fallocate' {
    BeforeEach { $v = New-Volume 16MB }
    AfterEach { $v | Dismount-Volume }

    It 'cuts and grows' {
        $v | Write-Buffered /a -Text abcdef -PassThru | Set-FileLength /a 3 -PassThru | Set-FileLength /a '4K'
        ($v | Get-VolumeItem /a).Length | Should -Be 4096
        ($v | Read-Buffered /a 0 4) -join ' ' | Should -Be '97 98 99 0'
        $v | Set-FileLength /a 0 -WhatIf
        ($v | Get-VolumeItem /a).Length | Should -Be 4096
        { $v | Set-FileLength /a (-1) -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EINVAL,*'
    }

    It '<mode> leaves <text>' -ForEach @(
        @{ mode = 'PunchHole'; text = "AAAA`0`0`0`0CCCC"; keep = $true }
        @{ mode = 'ZeroRange'; text = "AAAA`0`0`0`0CCCC"; keep = $false }
        @{ mode = 'CollapseRange'; text = 'AAAACCCC'; keep = $false }
        @{ mode = 'InsertRange'; text = "AAAA`0`0`0`0BBBBCCCC"; keep = $false }
    ) {
        0..2 | ForEach-Object { $v | Write-Direct /f -Offset ($_ * 4KB) -Fill 'ABC'[$_] -Length 4KB }
        $v | Invoke-Fallocate /f 4KB 4KB -Mode $mode -KeepSize:$keep
        $all = $v | Read-Buffered /f 0 16KB -AsText
        ($all -replace '(?s)(.)\1{1023}', '$1') | Should -Be $text
    }
}

Describe 'items' {
    BeforeEach { $v = New-Volume 16MB }
    AfterEach { $v | Dismount-Volume }

    It 'makes files, directories and links, and lists them' {
        $v | New-VolumeItem /d Directory -PassThru | New-VolumeItem /d/file -PassThru | New-VolumeItem /d/again HardLink /d/file
        $items = $v | Get-VolumeItem -Recurse
        $items.InnerPath | Should -Be '/d', '/d/again', '/d/file', '/lost+found'
        ($items | Where-Object InnerPath -EQ /d/again).Links | Should -Be 2
        ($items | Where-Object InnerPath -EQ /d).Mode | Should -Be 'drwxr-xr-x'
        ($v | Get-VolumeItem /d).PSIsContainer | Should -BeTrue
        ($v | Get-VolumeItem /d -Children).Name | Should -Be 'again', 'file'
    }

    It 'renames, replacing or not' {
        $v | Write-Buffered /a -Text a -PassThru | Write-Buffered /b -Text b
        { $v | Rename-VolumeItem /a /b -NoReplace -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EEXIST,*'
        $v | Rename-VolumeItem /a /b -WhatIf
        $v.Exists('/a') | Should -BeTrue
        $v | Rename-VolumeItem /a /b
        $v | Read-Buffered /b -AsText | Should -Be 'a'
        $v.Exists('/a') | Should -BeFalse
    }

    It 'removes by pipeline, a directory only with -Recurse' {
        $v | New-VolumeItem /d Directory -PassThru | New-VolumeItem /d/e Directory -PassThru | New-VolumeItem /d/e/f
        { $v | Remove-VolumeItem /d -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.ENOTEMPTY,*'
        $v | Get-VolumeItem /d | Remove-VolumeItem -Recurse -WhatIf
        $v.Exists('/d/e/f') | Should -BeTrue
        $v | Get-VolumeItem /d | Remove-VolumeItem -Recurse
        $v.Exists('/d') | Should -BeFalse
    }

    It 'pipes items into what works on files' {
        $v | Write-Buffered /a -Text one -PassThru | Write-Buffered /b -Text two
        $v | Get-VolumeItem -Children | Where-Object { -not $_.PSIsContainer } | Read-Buffered -AsText | Should -Be 'one', 'two'
    }

    It '<name> says <id>' -ForEach @(
        @{ name = 'New-VolumeItem twice'; id = 'EEXIST'; work = { 1..2 | ForEach-Object { $v | New-VolumeItem /a -ErrorAction Stop } } }
        @{ name = 'Get-VolumeItem of nothing'; id = 'ENOENT'; work = { $v | Get-VolumeItem /none -ErrorAction Stop } }
        @{ name = 'Remove-VolumeItem of nothing'; id = 'ENOENT'; work = { $v | Remove-VolumeItem /none -ErrorAction Stop } }
        @{ name = 'Rename-VolumeItem of nothing'; id = 'ENOENT'; work = { $v | Rename-VolumeItem /none /b -ErrorAction Stop } }
        @{ name = 'Read-Buffered of nothing'; id = 'ENOENT'; work = { $v | Read-Buffered /none -ErrorAction Stop } }
        @{ name = 'Write-Buffered to a directory'; id = 'EISDIR'; work = { $v | Write-Buffered / -Text x -ErrorAction Stop } }
        @{ name = 'a link of a directory'; id = 'EPERM'; work = { $v | New-VolumeItem /l HardLink /lost+found -ErrorAction Stop } }
    ) {
        $work | Should -Throw -ErrorId "Ext.$id,*"
    }
}

Describe 'Get-WriteLog' {
    It 'shows what the device was asked, by purpose, and as the file of dm-log-writes' {
        $path = Join-Path $TestDrive 'trace.log'
        $v = New-Volume 16MB
        $v | Write-Direct /log -Fill A -Length 4KB -Sync
        $all = $v | Get-WriteLog
        $all.Operation | Should -Contain 'Flush'
        ($v | Get-WriteLog -Kind Data).LengthBytes | Should -Be 4096
        $v | Get-WriteLog -Mark here
        ($v | Get-WriteLog -AsLog).Marks.Item2 | Should -Contain 'here'
        $v | Get-WriteLog -OutFile $path
        [BitConverter]::ToUInt64([IO.File]::ReadAllBytes($path), 0) | Should -Be 0x6a736677736872
        $v | Dismount-Volume
    }
}

Describe 'Get-Protocol and Compare-Protocol' {
    It 'describes protocols and their switches' {
        (Get-Protocol).Name | Should -Contain 'Ext4Iomap2023'
        (Get-Protocol Ext4Iomap2023).Invariants | Should -Not -BeNullOrEmpty
        (Get-Protocol ext4iomap* -Switch).Name | Should -Contain 'ExtendAfterSync'
        'Ext4Iomap2023' | Get-Protocol | Should -HaveCount 1
        { Get-Protocol Ext5 -ErrorAction Stop } | Should -Throw '*Ext4Iomap2023*' -ErrorId 'Ext.EINVAL,*'
    }

    It 'prints all that a protocol says of itself' {
        $printed = (Get-Protocol XfsStyle | Out-String -Width 4096) -replace '\s+', ' '
        $listed = (Get-Protocol XfsS* | Format-List | Out-String -Width 4096) -replace '\s+', ' '
        $listed | Should -Be $printed
        $protocol = Get-Protocol XfsStyle
        $said = @($protocol.History) + $protocol.Invariants + $protocol.Windows + $protocol.Locks + $protocol.Acknowledgement
        foreach ($text in $said + $protocol.Switches.Summary + $protocol.StatedDefects) {
            $printed.Contains(($text.Trim() -replace '\s+', ' ')) | Should -BeTrue -Because $text
        }
    }

    It 'compares, and has nothing to say of a protocol and itself' {
        Compare-Protocol Ext4Iomap2023 Ext4Iomap2023 | Should -BeNullOrEmpty
        $all = Compare-Protocol Ext4Iomap2019 XfsStyle
        foreach ($aspect in 'Locks', 'Order', 'Guarantees', 'Acknowledgement', 'DefectsAsPosted', 'DefectsCured') {
            $one = $all | Where-Object Aspect -EQ $aspect
            if (-not $one) { (Get-Protocol Ext4Iomap2019).$aspect | Should -Be (Get-Protocol XfsStyle).$aspect -Because 'only what differs is told' }
        }
        ($all | Where-Object Aspect -EQ DefectsAsPosted).Left | Should -Be 'D15, D24, D23, D16, D18, D2 with barriers ignored, D19 without a journal'
        ($all | Where-Object Aspect -EQ DefectsCured).Right | Should -BeLike 'D2 with barriers ignored, D10 as a warning*'
        ($all | Out-String -Width 4096) | Should -Match 'Left +: Ext4Iomap2019: Inode lock exclusive'
        { Compare-Protocol Ext4Iomap2023 Ext5 -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EINVAL,*'
    }
}

Describe 'completion' {
    It 'offers <expected> for <line>' -ForEach @(
        @{ line = 'New-Volume 16MB -Protocol Ext4I'; expected = 'Ext4Iomap2023' }
        @{ line = 'New-Volume 16MB -Protocol Ext4Iomap2023 -Switch Fu'; expected = 'FuaSkipsSync' }
        @{ line = 'New-Volume 16MB -Feature ^metadata_csum_s'; expected = '^metadata_csum_seed' }
        @{ line = 'Compare-Protocol Ext4Iomap20'; expected = 'Ext4Iomap2023' }
        @{ line = '$v | Read-Direct /lo'; expected = '/lost+found' }
        @{ line = '$v | Read-Direct /dir/'; expected = "'/dir/with blank'" }
        @{ line = 'New-Volume 16MB -Journal Wri'; expected = 'Writeback' }
    ) {
        $v = New-Volume 16MB
        $v | New-VolumeItem /dir Directory -PassThru | New-VolumeItem '/dir/with blank'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Contain $expected
        $v | Dismount-Volume
    }
}
