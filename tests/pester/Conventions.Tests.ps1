# What all cmdlets do the same way: names, parameter sets, completion, -WhatIf, views, streams, error records; and a cmdlet for every verb.
BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell/ExtShell.psd1') -Force
    $cmdlets = @(Get-Command -Module ExtShell -CommandType Cmdlet)
    $map = Import-PowerShellDataFile (Join-Path $PSScriptRoot 'verbs.psd1')
    $verbs = foreach ($type in $map.Keys) {
        foreach ($verb in $map[$type].Keys) { @{ type = $type; verb = $verb; cmdlet = $map[$type][$verb] } }
    }
    # Verbs that the engine has, and that no cmdlet and no row of verbs.psd1 knows.
    $unmapped = foreach ($type in $map.Keys) {
        $known = $cmdlets[0].ImplementingType.Assembly.GetReferencedAssemblies().Where{ $_.Name -like 'ExtShell.*' } |
            ForEach-Object { [Reflection.Assembly]::Load($_) } | ForEach-Object { $_.GetType($type) } | Where-Object { $_ } |
                Select-Object -First 1
        if (-not $known) { @{ type = $type; verb = '(the type itself)' }; continue }
        $known.GetMethods('Public,Instance,Static,DeclaredOnly').Where{
            -not $_.IsSpecialName -and $_.Name -notlike '*Async' -and $_.Name -notin 'ToString', 'Equals', 'GetHashCode', 'GetType',
                'Deconstruct', '<Clone>$'
        }.Name | Sort-Object -Unique | Where-Object { -not $map[$type].ContainsKey($_) } |
            ForEach-Object { @{ type = $type; verb = $_ } }
    }
}

BeforeAll {
    Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell/ExtShell.psd1') -Force
    $cmdlets = @(Get-Command -Module ExtShell -CommandType Cmdlet)
    $common = [System.Management.Automation.Cmdlet]::CommonParameters + [System.Management.Automation.Cmdlet]::OptionalCommonParameters
    function Get-Completion([string] $Line) { (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText }
}

AfterAll {
    Get-Volume | Dismount-Volume
    Remove-Module ExtShell
}

Describe 'verbs' {
    It '<type> <verb>: <cmdlet>' -ForEach $verbs {
        if ($cmdlet -notlike '(*)') { (Get-Command -Module ExtShell $cmdlet).Name | Should -Be $cmdlet }
    }

    It 'none is without a cmdlet: <type> <verb>' -ForEach $unmapped {
        $verb | Should -BeNullOrEmpty -Because "$type has it: it needs a cmdlet, and a row in verbs.psd1"
    }
}

Describe 'parameters' {
    It 'of <_.Name> are named, typed and placed as everywhere' -ForEach $cmdlets {
        foreach ($parameter in $_.Parameters.Values | Where-Object Name -NotIn $common) {
            $parameter.Name | Should -Match '^[A-Z][A-Za-z0-9]+$'
            $parameter.ParameterType | Should -Not -Be ([bool]) -Because "-$($parameter.Name) is a switch"
            $attributes = $parameter.Attributes
            if ($parameter.Name -in 'Size', 'Offset', 'Length', 'AtomicUnit' -and $parameter.ParameterType -in [long], [Nullable[long]]) {
                $attributes.TypeId.Name | Should -Contain 'SizeAttribute' -Because "-$($parameter.Name) takes '4K'"
            }
            if ($parameter.Name -in 'Protocol', 'Switch', 'Feature' -and $parameter.ParameterType -in [string], [string[]]) {
                $attributes.TypeId.Name | Should -Contain 'ArgumentCompleterAttribute' -Because "-$($parameter.Name) completes"
            }
        }
        $names = $_.ParameterSets |
            ForEach-Object { ($_.Parameters | Where-Object IsMandatory | ForEach-Object Name | Sort-Object) -join ',' }
        @($names | Sort-Object -Unique).Count | Should -Be @($names).Count -Because 'parameter sets are told apart by what they demand'
    }

    It 'of <_.Name> take volumes by number, and complete them' -ForEach ($cmdlets |
        Where-Object { $_.Parameters.Volume -and $_.Name -ne 'Format-Volume' }) {
        $_.Parameters.Volume.Attributes.TypeId.Name | Should -Contain 'VolumeArgumentAttribute'
        $_.Parameters.Volume.Attributes.TypeId.Name | Should -Contain 'ArgumentCompleterAttribute'
    }

    It 'of <_.Name> that say what is done come from properties too' -ForEach ($cmdlets |
        Where-Object Name -Match '^(Write|Start|Read)-(Direct|Buffered)$|Fallocate$|FileLength$') {
        foreach ($name in 'Path', 'Offset', 'Fill', 'Length', 'Text', 'Bytes') {
            if ($_.Parameters[$name]) {
                $_.Parameters[$name].Attributes.ValueFromPipelineByPropertyName | Should -Contain $true -Because "-$name"
            }
        }
    }

    It '<_.Name> says what it returns, if it returns something' -ForEach ($cmdlets |
        Where-Object Name -NotIn 'Dismount-Volume', 'Exit-CrashState', 'Enter-Experiment', 'Remove-Mapping') {
        $_.OutputType | Should -Not -BeNullOrEmpty
    }

    It '<_> asks before an image, or a file of the host, changes' -ForEach @(
        'New-Volume', 'Mount-Volume', 'Dismount-Volume', 'Format-Volume', 'Copy-Volume', 'Restore-Volume', 'Stop-Volume', 'Import-Folder',
        'Export-Folder', 'Write-Direct'
        'Start-Direct', 'Write-Buffered', 'Write-Mapped', 'Invoke-Fallocate', 'Set-FileLength', 'New-VolumeItem', 'Remove-VolumeItem',
        'Rename-VolumeItem', 'Invoke-Recovery'
        'Set-VolumeItem', 'Set-ExtendedAttribute', 'Remove-ExtendedAttribute'
        'Export-CrashState'
    ) {
        (Get-Command -Module ExtShell $_).Parameters.Keys | Should -Contain 'WhatIf'
    }

    It 'of destructive names are ExtShell''s objects and image paths' {
        $types = (Get-Command -Module ExtShell Format-Volume).Parameters.Values | Where-Object { $_.Attributes.Mandatory -contains $true } |
            ForEach-Object { $_.ParameterType.Name }
        $types | Sort-Object | Should -Be 'String', 'Volume'
        { 'C' | Format-Volume -Force -ErrorAction Stop } | Should -Throw
    }
}

Describe 'completion' {
    BeforeAll {
        $v = New-Volume 16MB
        $v | New-VolumeItem /folder Directory
        $v | Write-Buffered '/folder/a file' -Text x
    }
    AfterAll { $v | Dismount-Volume }

    It '<line> offers <expected>' -ForEach @(
        @{ line = 'New-Volume 16MB -Protocol Ext4Io'; expected = 'Ext4Iomap2023' }
        @{ line = 'New-Volume 16MB -Protocol Ext4Iomap2023 -Switch Ext'; expected = 'ExtendAfterSync' }
        @{ line = 'New-Volume 16MB -Switch ExtendAfterSync,Fu'; expected = 'FuaSkipsSync' }
        @{ line = 'New-Volume 16MB -Feature ^has'; expected = '^has_journal' }
        @{ line = 'New-Volume 16MB -Type e'; expected = 'Ext3' }
        @{ line = 'Get-Protocol XfsS'; expected = 'XfsStyle' }
        @{ line = 'Search-Schedule ./a -Strategy P'; expected = 'Pct' }
        @{ line = 'Search-Schedule ./a -Protocol XfsStyle -Switch In'; expected = 'InMemorySizeBeforeConversion' }
        @{ line = '$v | Read-Buffered /fol'; expected = '/folder' }
        @{ line = '$v | Read-Buffered /folder/'; expected = "'/folder/a file'" }
        @{ line = '$v | Add-Fault Conv'; expected = 'Conversion' }
        @{ line = '$v | Invoke-Crash -State O'; expected = 'Oldest' }
        @{ line = '$v | Invoke-Fallocate /folder 0 1 -Mode P'; expected = 'PunchHole' }
    ) {
        Get-Completion $line | Should -Contain $expected
    }

    It 'offers the numbers of volumes' {
        Get-Completion 'Sync-Volume -Volume ' | Should -Contain "$($v.Number)"
    }
}

Describe 'views' {
    It 'there are a table and a list for <_>' -ForEach (
        $cmdlets | ForEach-Object { $_.OutputType.Name } | Where-Object { $_ -like 'ExtShell.*' -and $_ -notlike '*Story' } |
            Sort-Object -Unique) {
        $controls = (Get-FormatData -TypeName $_ -PowerShellVersion 7.6).FormatViewDefinition.Control
        $controls.ForEach{ $_.GetType().Name } | Should -Contain 'TableControl'
        $controls.ForEach{ $_.GetType().Name } | Should -Contain 'ListControl'
    }

    It 'the columns for <FullName> are properties, none of which cmdlets for the host''s files would take' -ForEach (
        $cmdlets | ForEach-Object { $_.OutputType.Type } | Where-Object FullName -Like 'ExtShell.*' | Sort-Object FullName -Unique) {
        $properties = @($_.GetProperties().Name) + @((Get-TypeData -TypeName $_.FullName).Members.Keys) + @('Map')
        $tables = (Get-FormatData -TypeName $_.FullName -PowerShellVersion 7.6).FormatViewDefinition.Control.Where{ $_.GetType().Name -eq 'TableControl' }
        foreach ($label in $tables.Headers.Label) { $properties | Should -Contain $label }
        foreach ($name in 'Path', 'LiteralPath', 'FullName', 'PSPath') { $properties | Should -Not -Contain $name }
    }

    It 'show a story as text' {
        Get-FormatData -TypeName ExtShell.Lab.Scenarios.Story, ExtShell.Lab.Scheduling.ScheduleStory -PowerShellVersion 7.6 |
            Should -HaveCount 2
    }

    It 'list a volume by what it is, not by what it is made of' {
        $v = New-Volume 16MB -Protocol XfsStyle
        $v | Format-List | Out-String | Should -Match '(?s)SizeBytes +: 16777216.*Protocol +: XfsStyle'
        Get-Volume | Where-Object Protocol -EQ XfsStyle | Should -Be $v
        $v | Dismount-Volume
    }

    It 'draw extents as a map of letters, in colour only where it is wanted' {
        $v = New-Volume 16MB
        $v | Invoke-Fallocate /f 0 32KB
        $v | Write-Direct /f 8KB -Fill A -Length 4KB
        $v | Invoke-Fallocate /f 16KB 4KB -Mode PunchHole -KeepSize
        $v | Invoke-Fallocate /f 32KB 8KB -KeepSize
        $extents = @($v | Get-Extent /f)
        $extents[0].Map.Letters | Should -Be 'uuWu.uuupp'
        $text = $extents | Out-String
        $text | Should -Match '0  uuWu\.uuupp'
        $text | Should -Match 'p unwritten past the end'
        $text | Should -Not -Match "`e"
        "$($extents[0].Map)" | Should -Not -Match "`e" -Because 'the output of a test is redirected'
        $v | Dismount-Volume
    }

    It 'show findings in full, and as a timeline' {
        $v = New-Volume 16MB -Switch ExtendAfterSync
        $v | Write-Direct /log -Fill A -Length 4KB -Sync
        $finding = $v | Search-CrashState -Finding | Select-Object -First 1
        ($finding | Out-String -Width 100) -replace '\s+', ' ' | Should -BeLike '*a size of 0 bytes*'
        $v | Search-CrashState -Story | Out-String | Should -Match '(?s)call.*disk.*THE POWER FAILS'
        $v | Dismount-Volume
    }
}

Describe 'streams' {
    It 'verbose says what was done, debug what the device was asked' {
        $v = New-Volume 16MB
        $said = $v | Write-Direct /log -Fill A -Length 4KB -Sync -Verbose 4>&1
        "$said" | Should -BeLike '*Write 4096 bytes at 0*'
        $DebugPreference = 'Continue'
        $doings = @($v | Write-Direct /log 4KB -Fill A -Length 4KB -Sync 5>&1)
        $DebugPreference = 'SilentlyContinue'
        $doings.Count | Should -BeGreaterThan 3
        "$doings" | Should -BeLike '*device:*Flush*'
        $v | Dismount-Volume
    }

    It 'progress of a shrink is a child of the search''s' {
        $v = New-Volume 16MB -Switch ExtendAfterSync
        $v | Write-Direct /log -Fill A -Length 4KB -Sync
        $shell = [powershell]::Create()
        $null = $shell.AddScript('param($module, $v) Import-Module $module; $v | Search-CrashState -Story').AddArgument((Get-Module ExtShell).Path).AddArgument($v).Invoke()
        $records = @($shell.Streams.Progress)
        $records.Activity | Should -Contain 'Searching crash states'
        ($records | Where-Object Activity -EQ 'Shrinking' | Select-Object -First 1).ParentActivityId |
            Should -Be ($records | Where-Object Activity -EQ 'Searching crash states' | Select-Object -First 1).ActivityId
        $records[-1].RecordType | Should -Be 'Completed'
        $shell.Dispose()
        $v | Dismount-Volume
    }
}

Describe 'error records' {
    It '<id> is <category>' -ForEach @(
        @{ id = 'ENOENT'; category = 'ObjectNotFound'; work = { $v | Read-Buffered /none } }
        @{ id = 'EEXIST'; category = 'ResourceExists'; work = { $v | New-VolumeItem /folder Directory } }
        @{ id = 'ENOSPC'; category = 'LimitsExceeded'; work = { $v | Invoke-Fallocate /f 0 1GB } }
        @{ id = 'EINVAL'; category = 'InvalidArgument'; work = { $v | Write-Direct /f 1 -Fill A -Length 512 } }
        @{ id = 'EISDIR'; category = 'InvalidArgument'; work = { $v | Write-Direct /folder -Fill A -Length 512 } }
        @{ id = 'ENOTEMPTY'; category = 'InvalidOperation'; work = { $v | Remove-VolumeItem /folder } }
        @{ id = 'EIO'; category = 'DeviceError'
            work = { $v | Add-Fault Write /folder/a; $v | Write-Direct /folder/a -Fill A -Length 512 } }
        @{ id = 'EBUSY'; category = 'ResourceBusy'; work = { New-Volume 16MB "$TestDrive/busy.img"; Mount-Volume "$TestDrive/busy.img" } }
        @{ id = 'EROFS'; category = 'PermissionDenied'; work = { $v | Invoke-Crash | Mount-Volume -ReadOnly | New-VolumeItem /new } }
    ) {
        $v = New-Volume 16MB
        $v | New-VolumeItem /folder Directory
        $v | Write-Buffered /folder/a -Text x
        $null = & $work 2>&1 -ErrorVariable failed
        $record = $Error[0]
        $record.FullyQualifiedErrorId | Should -BeLike "Ext.$id,*"
        $record.CategoryInfo.Category | Should -Be $category
        $record.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $record.Exception | Should -BeOfType ExtShell.Format.Errors.FileSystemException
        $v | Clear-Fault
        Get-Volume | Dismount-Volume -ErrorAction SilentlyContinue
    }
}

Describe 'faults and caches' {
    BeforeEach { $v = New-Volume 16MB }
    AfterEach { Get-Volume | Dismount-Volume -ErrorAction SilentlyContinue }

    It 'lets writes, flushes and conversions fail, once or as often as asked' {
        $v | Invoke-Fallocate /f 0 64KB
        $v | Add-Fault Conversion /f -Error ENOSPC
        { $v | Write-Direct /f -Fill A -Length 4KB -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.ENOSPC,*'
        $v | Write-Direct /f -Fill A -Length 4KB
        $v | Add-Fault Write /f -After 1
        $v | Write-Direct /f -Fill B -Length 4KB
        { $v | Write-Direct /f -Fill C -Length 4KB -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EIO,*'
        ($v | Add-Fault Privileges -Error EPERM -PassThru) | Should -Be $v
        { $v | Write-Direct /f -Fill C -Length 4KB -ErrorAction Stop } | Should -Throw -ErrorId 'Ext.EPERM,*'
        $v | Add-Fault Write /f -Times 0
        { $v | Write-Direct /f -Fill C -Length 4KB -ErrorAction Stop } | Should -Throw
        { $v | Write-Direct /f -Fill C -Length 4KB -ErrorAction Stop } | Should -Throw
        $v | Clear-Fault -PassThru | Write-Direct /f -Fill D -Length 4KB
        $v | Read-Direct /f 0 512 -AsText | Should -Be ('D' * 512)
    }

    It 'drops caches, and says how much is free' {
        $before = $v.FreeBytes
        $v | Write-Buffered /f -Fill A -Length 64KB -Sync
        ($v | Clear-VolumeCache -PassThru).FreeBytes | Should -BeLessThan $before
        $v | Read-Buffered /f 0 16 -AsText | Should -Be ('A' * 16)
        (Get-Volume $v.Number).FreeBytes | Should -Be ($v.GetStatistics().FreeBlocks * 4096)
    }

    It 'exports crash states as images, not recovered' {
        $path = Join-Path $TestDrive 'state.img'
        $v | Write-Direct /f -Fill A -Length 4KB -Sync
        $v | Invoke-Crash -State Newest | Export-CrashState $path -WhatIf
        $path | Should -Not -Exist
        ($v | Invoke-Crash -State Newest | Export-CrashState $path -PassThru).Length | Should -Be 16MB
        (Get-Superblock $path).NeedsRecovery | Should -BeTrue
        (Invoke-Recovery $path).Journal.TransactionsReplayed | Should -BeGreaterThan 0
        $path | Test-Consistency -Quiet | Should -BeTrue
    }

    It 'returns what was made small as a scenario that can be searched again' {
        $broken = New-Volume 16MB -Switch ExtendAfterSync
        $broken | New-VolumeItem /other
        $broken | Write-Direct /log -Fill A -Length 4KB -Sync
        $small = $broken | Search-CrashState -Shrink
        $small.Scenario.ToText() | Should -Not -BeLike '*other*'
        ($small.Scenario | Search-CrashState).IsClean | Should -BeFalse
        "$($small | Out-String)" | Should -BeLike '*write-direct*'
        $v | Search-CrashState -Shrink | Should -BeNullOrEmpty
    }
}
