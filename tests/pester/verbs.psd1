# Every public verb of the C# surface, and the cmdlet that does it. A name in brackets says why none is needed.
@{
    'ExtShell.Engine.Volumes.Volume'              = @{
        Chattr        = 'Set-VolumeItem'
        Chmod         = 'Set-VolumeItem'
        Chown         = 'Set-VolumeItem'
        Create        = 'New-VolumeItem'
        DropCaches    = 'Clear-VolumeCache'
        Exists        = 'Get-VolumeItem'
        GetStatistics = 'Get-Volume'
        GetXattr      = 'Get-ExtendedAttribute'
        Link          = 'New-VolumeItem'
        ListXattrs    = 'Get-ExtendedAttribute'
        Mkdir         = 'New-VolumeItem'
        Mknod         = 'New-VolumeItem'
        Mount         = 'Mount-Volume'
        Open          = '(cmdlets take paths; a handle lives as long as a call)'
        ReadDirectory = 'Get-VolumeItem'
        ReadLink      = 'Get-VolumeItem'
        RemoveXattr   = 'Remove-ExtendedAttribute'
        Rename        = 'Rename-VolumeItem'
        Rmdir         = 'Remove-VolumeItem'
        SetTimes      = 'Set-VolumeItem'
        SetXattr      = 'Set-ExtendedAttribute'
        Shutdown      = 'Stop-Volume'
        Stat          = 'Get-VolumeItem'
        Symlink       = 'New-VolumeItem'
        Sync          = 'Sync-Volume'
        Unlink        = 'Remove-VolumeItem'
        Unmount       = 'Dismount-Volume'
        Dispose       = 'Dismount-Volume'
    }
    'ExtShell.Engine.Volumes.FileHandle'          = @{
        Close         = '(cmdlets take paths; a handle lives as long as a call)'
        Dispose       = '(cmdlets take paths; a handle lives as long as a call)'
        Fallocate     = 'Invoke-Fallocate'
        GetExtents    = 'Get-Extent'
        Map           = 'New-Mapping'
        ReadBuffered  = 'Read-Buffered'
        ReadDirect    = 'Read-Direct'
        StartDirect   = 'Start-Direct'
        Stat          = 'Get-VolumeItem'
        Sync          = 'Sync-File'
        Truncate      = 'Set-FileLength'
        WaitDirect    = 'Wait-Direct'
        WriteBuffered = 'Write-Buffered'
        WriteDirect   = 'Write-Direct'
    }
    'ExtShell.Engine.Volumes.FileMapping'         = @{
        Dispose = 'Remove-Mapping'
        Read    = 'Read-Mapped'
        Sync    = 'Sync-Mapped'
        Unmap   = 'Remove-Mapping'
        Write   = 'Write-Mapped'
    }
    'ExtShell.Engine.IO.FaultInjection'           = @{
        FailConversions = 'Add-Fault'
        FailPrivileges  = 'Add-Fault'
    }
    'ExtShell.Engine.IO.WriteProtocols'           = @{
        Compare    = 'Compare-Protocol'
        Describe   = 'Get-Protocol'
        SwitchesOf = 'Get-Protocol'
    }
    'ExtShell.Lab.Verbs.Laboratory'               = @{
        CheckCrashState  = 'Test-Consistency'
        CheckImage       = 'Test-Consistency'
        ExportCrashState = 'Export-CrashState'
        FormatImage      = 'Format-Volume'
        Mount            = 'Mount-Volume'
        MountCrashState  = 'Mount-Volume'
        NewVolume        = 'New-Volume'
        OpenVolume       = 'Mount-Volume'
    }
    'ExtShell.Lab.Verbs.VolumeVerbs'              = @{
        Check             = 'Test-Consistency'
        Crash             = 'Invoke-Crash'
        ExportFolder      = 'Export-Folder'
        ImportFolder      = 'Import-Folder'
        SearchCrashStates = 'Search-CrashState'
        Shrink            = 'Search-CrashState'
        Tell              = 'Search-CrashState'
        get_History       = 'Get-CallHistory'
        get_WriteLog      = 'Get-WriteLog'
    }
    'ExtShell.Lab.Verbs.VolumeCopies'             = @{
        Checkpoint  = 'Checkpoint-Volume'
        Copy        = 'Copy-Volume'
        Discard     = 'Format-Volume'
        Format      = 'Format-Volume'
        get_Storage = '(what a volume stands on is no business of a prompt)'
    }
    'ExtShell.Lab.Verbs.VolumeCheckpoint'         = @{ Restore = 'Restore-Volume' }
    'ExtShell.Lab.Verbs.FaultVerbs'               = @{ Inject = 'Add-Fault'; ClearFaults = 'Clear-Fault' }
    'ExtShell.Lab.Verbs.ScheduleVerbs'            = @{
        Replay          = 'Invoke-Schedule'
        SearchSchedules = 'Search-Schedule'
        Shrink          = 'Search-Schedule'
        Tell            = 'Search-Schedule'
    }
    'ExtShell.Lab.Scheduling.ScheduleSearch'      = @{
        Replay = 'Invoke-Schedule'
        Run    = 'Search-Schedule'
        Shrink = 'Search-Schedule'
        Tell   = 'Search-Schedule'
    }
    'ExtShell.Lab.Scheduling.ScheduleVisit'       = @{ Of = 'Enter-Schedule' }
    'ExtShell.Lab.Crash.PowerCut'                 = @{
        At     = 'Invoke-Crash'
        Newest = 'Invoke-Crash'
        Oldest = 'Invoke-Crash'
        Sample = 'Invoke-Crash'
    }
    'ExtShell.Lab.Crash.CrashSearch'              = @{
        Explore = 'Search-CrashState'
        Shows   = 'Search-CrashState'
        Shrink  = 'Search-CrashState'
    }
    'ExtShell.Lab.Looking.LookingVerbs'           = @{
        GetBlock      = 'Get-Block'
        GetInode      = 'Get-Inode'
        GetInodes     = 'Get-Inode'
        GetJournal    = 'Get-Journal'
        GetOrphans    = 'Get-Orphan'
        GetProvenance = 'Get-Provenance'
        GetSuperBlock = 'Get-Superblock'
    }
}
