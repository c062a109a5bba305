# Attributes, links and special files of a volume.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell/ExtShell.psd1') -Force
}

AfterAll {
    Remove-Module ExtShell
}

Describe 'Set-VolumeItem' {
    BeforeEach { $v = New-Volume 16MB; $v | New-VolumeItem /f }
    AfterEach { $v | Dismount-Volume }

    It 'says so when nothing to change is named, as where a mode stands in the place of the path' {
        $v | Write-Buffered /piped -Text x
        { $v | Get-VolumeItem /piped | Set-VolumeItem 600 -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EINVAL,*'
        $v | Get-VolumeItem /piped | Set-VolumeItem -Mode 600 -PassThru | Get-VolumeItem /piped | ForEach-Object Mode | Should -Be '-rw-------'
    }

    It 'sets permissions, owner and times' {
        $v | Set-VolumeItem /f 4751 -LastWriteTime ([DateTime]'2020-01-02T03:04:05Z') -LastAccessTime ([DateTime]'1960-01-01T00:00:00Z')
        $item = $v | Set-VolumeItem /f -Group 100 -PassThru | Get-VolumeItem /f
        $item.Mode | Should -Be '-rwxr-x--x' # a new group takes set-user-ID away
        $item.Owner, $item.Group | Should -Be 0, 100
        $item.LastWriteTime | Should -Be ([DateTime]'2020-01-02T03:04:05Z').ToUniversalTime()
        $item.LastAccessTime.Year | Should -Be 1960
    }

    It 'makes a file immutable, and takes that back' {
        $v | Set-VolumeItem /f -AddFlag Immutable, NoDump
        { $v | Write-Buffered /f -Text x -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EPERM,*'
        { $v | Set-VolumeItem /f 600 -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EPERM,*'
        $v | Set-VolumeItem /f 600 -RemoveFlag Immutable
        ($v | Get-VolumeItem /f).Mode | Should -Be '-rw-------'
        ($v | Get-VolumeItem /f).Flags -band 'NoDump' | Should -Be 'NoDump'
    }

    It 'changes nothing with -WhatIf, and tells what it does not know' {
        $v | Set-VolumeItem /f 777 -WhatIf
        ($v | Get-VolumeItem /f).Mode | Should -Be '-rw-r--r--'
        { $v | Set-VolumeItem /none 777 -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.ENOENT,*'
        { $v | Set-VolumeItem /f -AddFlag JournalData -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EOPNOTSUPP,*'
    }
}

Describe 'New-VolumeItem of links and special files' {
    It 'makes them, and the volume stays consistent' {
        $v = New-Volume 16MB
        $v | New-VolumeItem /link SymbolicLink ('t' * 100)
        $v | New-VolumeItem /pipe Fifo -PassThru | New-VolumeItem /disk BlockDevice -Major 8 -Minor 1
        ($v | Get-VolumeItem /link).LinkTarget | Should -Be ('t' * 100)
        ($v | Get-VolumeItem / -Children).Mode.Substring(0, 1) | Sort-Object -Unique | Should -Be 'b', 'd', 'l', 'p'
        ($v | Get-VolumeItem /disk).Status.Device.ToString() | Should -Be '8:1'
        ($v | Test-Consistency).IsClean | Should -BeTrue
        $v | Dismount-Volume
    }
}

Describe 'extended attributes' {
    It 'are set, read and taken away' {
        $v = New-Volume 16MB
        $v | New-VolumeItem /f -PassThru | Set-ExtendedAttribute /f user.a 'häuser' -PassThru |
            Set-ExtendedAttribute /f trusted.b -Value (1, 2, 3)
        ($v | Get-ExtendedAttribute /f user.a).Text | Should -Be 'häuser'
        ($v | Get-ExtendedAttribute /f).AttributeName | Sort-Object | Should -Be 'trusted.b', 'user.a'
        { $v | Set-ExtendedAttribute /f user.a x -Expect Create -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EEXIST,*'
        { $v | Set-ExtendedAttribute /f user.c ('x' * 5000) -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.ENOSPC,*'
        $v | Remove-ExtendedAttribute /f user.a -WhatIf
        $v | Get-ExtendedAttribute /f | Remove-ExtendedAttribute
        $v | Get-ExtendedAttribute /f | Should -BeNullOrEmpty
        { $v | Remove-ExtendedAttribute /f user.a -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.ENODATA,*'
        $v | Dismount-Volume
    }
}
