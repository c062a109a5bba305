# The Should operators of ExtShell.Pester.psm1: what they accept, and what they say.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell/ExtShell.psd1') -Force
    Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell/ExtShell.Pester.psm1') -Force
    function Get-Failure([scriptblock] $Assertion) {
        try { & $Assertion } catch { return "$_" }
    }
}

AfterAll {
    Get-Volume | Dismount-Volume
    Remove-Module ExtShell.Pester, ExtShell
}

Describe 'Should -BeConsistent' {
    It 'passes for a volume, an image and a crash state' {
        $path = Join-Path $TestDrive 'consistent.img'
        $v = New-Volume 16MB $path
        $v | Write-Direct /log -Fill A -Length 4KB -Sync
        $v | Should -BeConsistent
        $v | Invoke-Crash | Should -BeConsistent
        $v | Dismount-Volume
        $path | Should -BeConsistent
    }

    It 'fails for a damaged image, and says what the check found' {
        $path = Join-Path $TestDrive 'damaged.img'
        $v = New-Volume 16MB $path -Type ext2
        $bitmap = $v | Get-Block -Number (0..64) | Where-Object Use -Like 'block bitmap*' | Select-Object -First 1
        $v | Dismount-Volume
        $stream = [IO.File]::OpenWrite($path)
        $stream.Position = $bitmap.Number * 4096
        $stream.Write([byte[]]::new(4096))
        $stream.Dispose()
        $path | Should -Not -BeConsistent
        Get-Failure { $path | Should -BeConsistent -Because 'it was copied' } | Should -BeLike '*because it was copied*check found:*itmap*'
    }

    It 'takes an image that cannot be read at all for damaged' {
        $path = Join-Path $TestDrive 'zeroes.img'
        [IO.File]::WriteAllBytes($path, [byte[]]::new(1MB))
        $path | Should -Not -BeConsistent
        Get-Failure { $path | Should -BeConsistent } | Should -BeLike '*s_magic*'
        Get-Failure { "$path.none" | Should -Not -BeConsistent } | Should -BeLike '*ENOENT*'
    }

    It 'fails with -Not for what is consistent' {
        Get-Failure { New-Volume 16MB | Should -Not -BeConsistent } | Should -BeLike '*to be damaged*'
    }
}

Describe 'Should -SurviveCrash' {
    It 'passes for work that keeps its promises; the volume is $_ and the argument' {
        { $_ | Write-Direct /log -Fill A -Length 4KB -Sync } | Should -SurviveCrash
        { param($v) $v | Write-Direct /log -Fill A -Length 4KB -Sync } | Should -SurviveCrash
        Get-Volume | Where-Object { $_.Device.LengthBytes -eq 24MB } | Should -BeNullOrEmpty
    }

    It 'fails for work that does not, and tells the shrunk finding' {
        $said = Get-Failure {
            {
                $_ | Write-Direct /other -Fill B -Length 4KB
                $_ | Write-Direct /log -Fill A -Length 4KB -Sync
                $_ | New-VolumeItem /folder Directory
            } | Should -SurviveCrash -Switch ExtendAfterSync -Because 'the log is all we have'
        }
        $said | Should -BeLike '*because the log is all we have*LostSize in /log*promised:*found:*THE POWER FAILS*'
        $said | Should -Not -BeLike '*/folder*' -Because 'it has nothing to do with the finding'
    }

    It 'takes a volume with what was done on it, a size, a protocol and a unit' {
        $v = New-Volume 16MB -Switch ExtendAfterSync
        $v | Write-Direct /log -Fill A -Length 4KB -Sync
        $v | Should -Not -SurviveCrash
        $v.IsMounted | Should -BeTrue
        { $_ | Write-Direct /log -Fill A -Length 4KB -Sync } | Should -SurviveCrash -Size 24MB -Protocol Ext4EndIo2009 -AtomicUnit 512
    }

    It 'says when the budget ended the search' {
        $said = { $_ | Write-Direct /log -Fill A -Length 4KB -Sync } | Should -SurviveCrash -Budget 1 3>&1
        "$said" | Should -BeLike '*budget of 1 leaves*'
    }

    It 'does not pass where the work itself fails' {
        Get-Failure { { $_ | Read-Direct /none } | Should -SurviveCrash } | Should -BeLike '*ENOENT*'
        Get-Failure { 'text' | Should -SurviveCrash } | Should -BeLike '*takes a script block*'
    }
}

Describe 'a session with a prefix' {
    It 'has its names, and operators that work' {
        $module = Join-Path $PSScriptRoot '../../module/ExtShell'
        $said = pwsh -NoProfile -NonInteractive -Command "
            function New-Volume { 'not ours' }
            Import-Module Pester
            Import-Module '$module/ExtShell.psd1' -Prefix Ext
            Import-Module '$module/ExtShell.Pester.psm1'
            New-Volume
            `$v = New-ExtVolume 16MB
            `$v | Write-ExtDirect /log -Fill A -Length 4KB -Sync -PassThru | Test-ExtConsistency -Quiet
            `$v | Should -BeConsistent
            { `$_ | Write-ExtDirect /log -Fill A -Length 4KB -Sync } | Should -SurviveCrash
            'survived'
            Remove-Module ExtShell
            `$v.IsMounted"
        $said | Should -Be 'not ours', 'True', 'survived', 'False'
    }
}
