@{
    RootModule           = 'bin/ExtShell.PowerShell.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '6f1d9d4e-6b0c-4f0e-9f53-0b9c5f5f2b57'
    Author               = 'ExtShell contributors'
    CompanyName          = 'ExtShell contributors'
    Copyright            = '(c) ExtShell contributors. MIT License.'
    Description          = 'A crash laboratory for direct I/O on real ext2, ext3 and ext4 volumes: write, cut the power, see every state that the disk can be in, recover, check that nothing was lost and nothing stale exposed.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    TypesToProcess       = @('ExtShell.types.ps1xml')
    FormatsToProcess     = @('ExtShell.format.ps1xml')
    CmdletsToExport      = @(
        'New-Volume', 'Mount-Volume', 'Dismount-Volume', 'Get-Volume', 'Copy-Volume', 'Format-Volume',
        'Checkpoint-Volume', 'Restore-Volume', 'Stop-Volume', 'Sync-Volume', 'Import-Folder', 'Export-Folder',
        'Write-Direct', 'Read-Direct', 'Start-Direct', 'Wait-Direct', 'Write-Buffered', 'Read-Buffered',
        'Invoke-Fallocate', 'Set-FileLength', 'Sync-File',
        'New-VolumeItem', 'Get-VolumeItem', 'Remove-VolumeItem', 'Rename-VolumeItem', 'Set-VolumeItem',
        'Get-ExtendedAttribute', 'Set-ExtendedAttribute', 'Remove-ExtendedAttribute',
        'New-Mapping', 'Read-Mapped', 'Write-Mapped', 'Sync-Mapped', 'Remove-Mapping',
        'Get-Extent', 'Get-Inode', 'Get-Superblock', 'Get-Journal', 'Get-Orphan', 'Get-Block', 'Get-WriteLog', 'Get-CallHistory',
        'Get-Provenance',
        'Add-Fault', 'Clear-Fault', 'Clear-VolumeCache', 'Export-CrashState', 'Invoke-Crash', 'Invoke-Recovery', 'Search-CrashState',
        'Enter-CrashState', 'Exit-CrashState', 'Test-Consistency',
        'Search-Schedule', 'Invoke-Schedule', 'Enter-Schedule', 'Get-SearchReport',
        'Get-Protocol', 'Compare-Protocol', 'Invoke-Experiment', 'Enter-Experiment'
    )
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @('Exit-Schedule')
    DscResourcesToExport = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @(
                'ext4', 'ext3', 'ext2', 'filesystem', 'disk-image', 'crash-consistency', 'durability', 'O_DIRECT', 'fsync',
                'fault-injection', 'testing',
                'Pester', 'PSEdition_Core', 'Linux', 'Windows', 'MacOS'
            )
            LicenseUri   = 'https://opensource.org/license/mit'
            ProjectUri   = 'https://www.powershellgallery.com/packages/ExtShell'
            ReleaseNotes = 'The first release: see about_ExtShell for what there is, about_ExtShell_Model for what the model leaves out.'
        }
    }
}
