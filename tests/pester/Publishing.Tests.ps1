# The manifest, and the folder that is laid out for publishing.
BeforeDiscovery {
    $hasSdk = [bool](Get-Command dotnet -ErrorAction SilentlyContinue)
}

BeforeAll {
    $root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path
    $source = Join-Path $root 'module/ExtShell'
    $manifest = Import-PowerShellDataFile (Join-Path $source 'ExtShell.psd1')
}

Describe 'the manifest' {
    It 'is valid, and says what a gallery asks for' {
        $info = Test-ModuleManifest (Join-Path $source 'ExtShell.psd1')
        $info.Name | Should -Be 'ExtShell'
        $info.CompatiblePSEditions | Should -Be 'Core'
        $info.PowerShellVersion | Should -BeGreaterOrEqual ([version] '7.6')
        foreach ($wanted in 'Author', 'CompanyName', 'Copyright', 'Description', 'LicenseUri', 'ProjectUri', 'ReleaseNotes') {
            "$($info.$wanted)" | Should -Not -BeNullOrEmpty -Because "$wanted is wanted"
        }
        $info.Tags | Should -Contain 'ext4'
        $info.Tags | Where-Object { $_ -match '\s' } | Should -BeNullOrEmpty
    }

    It 'lists every export by name' {
        foreach ($kind in 'CmdletsToExport', 'FunctionsToExport', 'VariablesToExport', 'AliasesToExport') {
            $manifest[$kind] | Where-Object { $_ -match '[*?]' } | Should -BeNullOrEmpty
        }
    }

    It 'has the version of its assemblies, and files that are there' {
        [Reflection.AssemblyName]::GetAssemblyName((Join-Path $source $manifest.RootModule)).Version.ToString(3) |
            Should -Be $manifest.ModuleVersion
        foreach ($file in $manifest.TypesToProcess + $manifest.FormatsToProcess) { Join-Path $source $file | Should -Exist }
    }
}

Describe 'the folder for publishing' -Skip:(-not $hasSdk) {
    BeforeAll {
        $modules = Join-Path $TestDrive 'modules'
        $built = dotnet build "$root/src/ExtShell.PowerShell" -t:LayOut -p:BuildProjectReferences=false "-p:LayoutFolder=$modules/ExtShell/" --no-restore --nologo -v q
        $exit = $LASTEXITCODE
    }

    It 'is laid out by one command' {
        $exit | Should -Be 0 -Because "$built"
        Join-Path $modules 'ExtShell/LICENSE' | Should -Exist
        $allowed = '.dll', '.xml', '.json', '.psd1', '.psm1', '.ps1xml', '.txt', ''
        Get-ChildItem (Join-Path $modules 'ExtShell') -Recurse -File | Where-Object Extension -NotIn $allowed | Should -BeNullOrEmpty
        Get-ChildItem (Join-Path $modules 'ExtShell/bin/scripting') -Filter 'ExtShell.*.dll' | ForEach-Object Name |
            Should -Be 'ExtShell.Scripting.dll'
    }

    It 'imports by name, runs cmdlets, scripts and help, and stands alone' {
        $said = pwsh -NoProfile -NonInteractive -Command "
            `$env:PSModulePath = '$modules'
            `$clean = New-Volume 16MB | Write-Direct /log -Fill A -Length 4KB -Sync -PassThru | Test-Consistency -Quiet
            `$clean
            Invoke-Experiment -Code '6 * 7'
            (Get-Help New-Volume).Synopsis
            (Get-Module ExtShell).ModuleBase
            [AppDomain]::CurrentDomain.GetAssemblies().Location | Where-Object { `$_ -like '*ExtShell*' -and `$_ -notlike '$modules*' }"
        $said[0..1] | Should -Be 'True', '42'
        $said[2] | Should -BeLike 'Makes a volume*'
        $said[3] | Should -Be (Join-Path $modules 'ExtShell')
        $said.Count | Should -Be 4
    }
}
