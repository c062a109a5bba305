# Volumes as drives of PowerShell.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell/ExtShell.psd1') -Force
    $image = Join-Path $TestDrive 'drive.img'
    $oddNames = 'a[1].txt', 'st*r', 'que?stion', 'with blank', 'back\slash', '100%', '%5C', '%25', "quo'te", 'dollar$', 'a`tick', 'häuser'
    $made = New-Volume 16MB $image
    $made | New-VolumeItem /etc Directory -PassThru | Write-Buffered /etc/passwd -Text "root:x`nbin:y`n"
    foreach ($name in $oddNames) { $made | Write-Buffered "/$name" -Text $name }
    $made | Dismount-Volume
}

AfterAll {
    Remove-Module ExtShell
}

Describe 'a drive that is only read' {
    BeforeAll {
        $before = (Get-FileHash $image).Hash
        $null = New-PSDrive -Name r -PSProvider ExtShell -Root $image -Scope Global
    }
    AfterAll {
        Set-Location $PSScriptRoot
        Remove-PSDrive r
        (Get-FileHash $image).Hash | Should -Be $before
    }

    It 'is walked with cd, dir and cat' {
        Push-Location r:/etc
        Get-Content passwd | Should -Be 'root:x', 'bin:y'
        Get-Content passwd -Raw | Should -Be "root:x`nbin:y`n"
        Get-Content passwd -TotalCount 1 | Should -Be 'root:x'
        (Get-Content passwd -AsByteStream -Raw).Length | Should -Be 13
        Set-Location ..
        (Get-ChildItem).Name | Should -Contain 'etc'
        Set-Location etc
        (Get-ChildItem | Get-Content).Count | Should -Be 2
        Pop-Location
    }

    It 'has items that are of use to cmdlets' {
        $item = Get-Item r:/etc/passwd
        $item.Length | Should -Be 13
        $item.InnerPath | Should -Be '/etc/passwd'
        $item | Read-Buffered -Length 4 -AsText | Should -Be 'root'
        Test-Path r:/etc -PathType Container | Should -BeTrue
        Test-Path r:/none | Should -BeFalse
        (Get-ChildItem r:/ -Recurse -Name) | Should -Contain 'etc/passwd'
        (Get-ChildItem 'r:/e*').Name | Should -Be 'etc'
    }

    It 'lists what is asked for: -File, -Directory, -Filter, -Depth, -Recurse' {
        (Get-ChildItem r:/ -Directory).Name | Should -Be 'etc', 'lost+found'
        (Get-ChildItem r:/ -File).Name | Should -Not -Contain 'etc'
        (Get-ChildItem r:/ -Filter e*).Name | Should -Be 'etc'
        (Get-ChildItem r:/ -Filter pass* -Recurse).InnerPath | Should -Be '/etc/passwd'
        (Get-ChildItem r:/ -Recurse -Depth 0).InnerPath | Should -Not -Contain '/etc/passwd'
        (Get-ChildItem r:/ -Recurse -Depth 1).InnerPath | Should -Contain '/etc/passwd'
        (Get-ChildItem r:/ -Recurse -File -Name) | Should -Contain 'etc/passwd'
    }

    It 'reads every odd name, by what it shows' {
        foreach ($item in Get-ChildItem r:/ | Where-Object { -not $_.PSIsContainer }) {
            Get-Content -LiteralPath $item.PSPath | Should -Be $item.Name
        }
        (Get-ChildItem r:/ -Name).Count | Should -Be ($oddNames.Count + 2)
    }

    It 'reads <path>' -ForEach @(
        @{ path = 'r:/a`[1`].txt'; shows = 'a[1].txt' }
        @{ path = 'r:/with blank'; shows = 'with blank' }
        @{ path = 'r:/back%5Cslash'; shows = 'back\slash' }
        @{ path = 'r:/100%'; shows = '100%' }
        @{ path = 'r:/%255C'; shows = '%5C' }
        @{ path = 'r:\etc\passwd'; shows = 'root:x' }
    ) {
        Get-Content $path -TotalCount 1 | Should -Be $shows
    }

    It 'completes' {
        (TabExpansion2 'Get-Content r:/et').CompletionMatches.CompletionText | Should -Match 'r:/etc'
        (TabExpansion2 'Get-Content r:/etc/pa').CompletionMatches.CompletionText | Should -Match 'r:/etc/passwd'
        (TabExpansion2 'Get-Content r:/with').CompletionMatches.CompletionText | Should -Be "'r:/with blank'"
        (TabExpansion2 'Get-Content r:/a').CompletionMatches.CompletionText | Should -Contain "'r:/a``[1``].txt'"
        (TabExpansion2 'Get-Content r:/back').CompletionMatches.CompletionText | Should -Be 'r:/back%5Cslash'
        Push-Location r:/etc
        (TabExpansion2 'Get-Content pa').CompletionMatches.CompletionText | Should -Be './passwd'
        Pop-Location
    }

    It 'refuses to change: <name>' -ForEach @(
        @{ name = 'Set-Content'; work = { Set-Content r:/new x -ErrorAction Stop } }
        @{ name = 'New-Item'; work = { New-Item r:/new -ErrorAction Stop } }
        @{ name = 'Remove-Item'; work = { Remove-Item r:/etc/passwd -ErrorAction Stop } }
        @{ name = 'Rename-Item'; work = { Rename-Item r:/etc/passwd other -ErrorAction Stop } }
        @{ name = 'Clear-Content'; work = { Clear-Content r:/etc/passwd -ErrorAction Stop } }
    ) {
        $work | Should -Throw '*read-only*'
    }

    It 'says what is wrong' {
        { Get-Content r:/etc -ErrorAction Stop } | Should -Throw '*EISDIR*'
        { Get-Content r:/none -ErrorAction Stop } | Should -Throw '*does not exist*'
        { New-PSDrive -Name n -PSProvider ExtShell -Root (Join-Path $TestDrive 'none.img') -ErrorAction Stop } | Should -Throw '*ENOENT*'
    }
}

Describe 'a drive that is written' {
    BeforeAll {
        $null = New-PSDrive -Name w -PSProvider ExtShell -Root $image -ReadWrite -Scope Global
    }
    AfterAll {
        Set-Location $PSScriptRoot
        Remove-PSDrive w
        Test-Consistency $image -Quiet | Should -BeTrue
    }

    It 'never takes the path of an item for one of the host' {
        $host1 = Join-Path $TestDrive 'precious'
        Set-Content $host1 'mine'
        $null = New-Item "w:$host1" -Force -Value theirs
        Get-ChildItem "w:$TestDrive" | Get-Content | Should -Be 'theirs'
        Get-ChildItem "w:$TestDrive" | Remove-Item
        Get-Content $host1 | Should -Be 'mine'
        Test-Path "w:$host1" | Should -BeFalse
        (Get-Item w:/etc).PSObject.Properties.Name | Should -Not -Contain 'Path'
    }

    It 'sets, adds and clears content' {
        Set-Content w:/new one, two
        Add-Content w:/new three
        Get-Content w:/new | Should -Be 'one', 'two', 'three'
        Set-Content w:/new x -NoNewline
        (Get-Item w:/new).Length | Should -Be 1
        [byte[]](1, 2, 255) | Set-Content w:/bytes -AsByteStream
        (Get-Content w:/bytes -AsByteStream) -join ' ' | Should -Be '1 2 255'
        Set-Content w:/wide äö -Encoding unicode -NoNewline
        (Get-Content w:/wide -AsByteStream) -join ' ' | Should -Be '255 254 228 0 246 0'
        Get-Content w:/wide -Encoding unicode | Should -Be 'äö'
        Add-Content w:/wide ü -Encoding unicode
        Get-Content w:/wide -Encoding unicode | Should -Be 'äöü'
        { Set-Content w:/wide x -Encoding none -ErrorAction Stop } | Should -Throw '*no encoding*'
        Clear-Content w:/new
        (Get-Item w:/new).Length | Should -Be 0
    }

    It 'makes, copies, renames, moves and removes' {
        $null = New-Item w:/deep/er -ItemType Directory
        $null = New-Item w:/deep/file -Value content
        Get-Content w:/deep/file | Should -Be 'content'
        Copy-Item w:/deep/file w:/deep/er
        Copy-Item w:/deep w:/copy -Recurse
        Get-Content w:/copy/er/file | Should -Be 'content'
        Rename-Item w:/copy/file 'odd [name]'
        Test-Path -LiteralPath 'w:/copy/odd [name]' | Should -BeTrue
        Move-Item -LiteralPath 'w:/copy/odd [name]' w:/deep/er
        Get-Content -LiteralPath 'w:/deep/er/odd [name]' | Should -Be 'content'
        Remove-Item w:/deep -Recurse
        Test-Path w:/deep | Should -BeFalse
        Remove-Item w:/copy -Recurse -WhatIf
        Test-Path w:/copy | Should -BeTrue
        New-Item w:/copy/hard -ItemType HardLink -Value /copy/er/file | ForEach-Object Links | Should -Be 2
        (New-Item w:/copy/soft -ItemType SymbolicLink -Value er/file).Mode | Should -BeLike 'l*'
        Get-Content w:/copy/soft | Should -Be 'content'
        { Rename-Item w:/copy/hard er -ErrorAction Stop } | Should -Throw '*EEXIST*'
        { Copy-Item w:/copy/hard w:/copy/hard -ErrorAction Stop } | Should -Throw '*same file*'
        { Rename-Item w:/copy/hard er/hard -ErrorAction Stop } | Should -Throw '*no path*'
    }

    It 'replaces nothing without -Force' {
        Set-Content w:/first 1
        Set-Content w:/second 2
        { Move-Item w:/first w:/second -ErrorAction Stop } | Should -Throw '*EEXIST*'
        Get-Content w:/second | Should -Be '2'
        Move-Item w:/first w:/second -Force
        Get-Content w:/second | Should -Be '1'
        Test-Path w:/first | Should -BeFalse
    }

    It 'passes on what it renamed, moved and copied, with -PassThru only' {
        Set-Content w:/p x
        (Rename-Item w:/p 'q [1]' -PassThru).InnerPath | Should -Be '/q [1]'
        $null = New-Item w:/into -ItemType Directory
        $moved = Move-Item -LiteralPath 'w:/q [1]' w:/into -PassThru
        $moved.InnerPath | Should -Be '/into/q [1]'
        Get-Content -LiteralPath $moved.PSPath | Should -Be 'x'
        (Copy-Item -LiteralPath $moved.PSPath 'w:/into/back%5Cslash' -PassThru | Get-Content) | Should -Be 'x'
        (Get-Item w:/into/back%5Cslash).Name | Should -Be 'back\slash'
        Move-Item -LiteralPath $moved.PSPath w:/p | Should -BeNullOrEmpty
    }

    It 'takes symbolic links for what they are, wherever they lead' {
        $null = New-Item w:/real -ItemType Directory
        Set-Content w:/real/file content
        $null = New-Item w:/real/loop -ItemType SymbolicLink -Value /real
        $null = New-Item w:/dangling -ItemType SymbolicLink -Value /nowhere
        $null = New-Item w:/alias -ItemType SymbolicLink -Value real
        Test-Path w:/dangling | Should -BeTrue
        (Get-Item w:/dangling).LinkTarget | Should -Be '/nowhere'
        Get-Content w:/alias/file | Should -Be 'content'
        (Get-ChildItem w:/alias).Name | Should -Be 'file', 'loop'
        Copy-Item w:/real w:/realcopy -Recurse
        (Get-Item w:/realcopy/loop).LinkTarget | Should -Be '/real'
        Remove-Item w:/dangling, w:/alias -Confirm:$false
        Test-Path w:/dangling, w:/alias | Should -Be $false, $false
        Get-Content w:/real/file | Should -Be 'content'
        Remove-Item w:/real, w:/realcopy -Recurse
    }

    It 'goes on with the next file after one that cannot be opened' {
        Set-Content w:/good here
        Get-Content w:/etc, w:/good -ErrorAction SilentlyContinue -ErrorVariable failed | Should -Be 'here'
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'Ext.EISDIR,*'
        { Set-Content w:/no/such/file x -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.ENOENT,*'
    }

    It 'says how much is used and free' {
        $drive = Get-PSDrive w
        $drive.Used + $drive.Free | Should -Be 16MB
    }
}

Describe 'drives over what is mounted, and over crash states' {
    It 'shows a mounted volume, which stays' {
        $v = New-Volume 16MB
        $null = New-PSDrive -Name m -PSProvider ExtShell -Root / -Volume $v -ReadWrite
        Set-Content m:/a here
        $v | Read-Buffered /a 0 4 -AsText | Should -Be 'here'
        Remove-PSDrive m
        $v.IsMounted | Should -BeTrue
        $v | Dismount-Volume
    }

    It 'mounts a crash state, on a copy' {
        $v = New-Volume 16MB
        $v | Write-Buffered /a -Text kept -Sync
        $state = $v | Invoke-Crash -State Oldest
        $null = New-PSDrive -Name c -PSProvider ExtShell -Root / -CrashState $state
        Get-Content c:/a | Should -Be 'kept'
        Remove-PSDrive c
        $v | Dismount-Volume
    }
}
