# Guards an application's write protocol: no power cut loses a record that was acknowledged, or shows a header without its records.
BeforeAll {
    Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell')
    Import-Module (Join-Path (Get-Module ExtShell).ModuleBase 'ExtShell.Pester.psm1')
    . (Join-Path $PSScriptRoot 'journal.ps1')

    # The work marks the write log where a record is acknowledged; the check counts the marks that a cut has seen.
    $verify = {
        param($after, $marks)
        if ($marks) { Test-Journal $after ($marks.Count - 1) }
    }
}

Describe 'the journal' {
    It 'survives every power cut' {
        {
            New-Journal $_
            $_ | Get-WriteLog -Mark 'the journal is there'
            foreach ($number in 1..3) {
                Add-InOrder $_ $number
                $_ | Get-WriteLog -Mark "record $number is acknowledged"
            }
        } | Should -SurviveCrash -Verify $verify
    }

    It 'would not if records and header were written together' {
        {
            New-Journal $_
            $_ | Get-WriteLog -Mark 'the journal is there'
            Add-Together $_ 1
            $_ | Get-WriteLog -Mark 'record 1 is acknowledged'
        } | Should -Not -SurviveCrash -Verify $verify
    }

    It 'keeps its promises with every protocol of the file system: <_>' -ForEach 'Ext3Indirect', 'Ext4CompletedIo2012', 'XfsStyle' {
        {
            $_ | Write-Direct /journal 0 -Text '1'.PadRight(4096) -Sync
            $_ | Write-Direct /journal 4096 -Text (Get-RecordText 1) -Sync
        } | Should -SurviveCrash -Protocol $_
    }
}
