# Crash tests in a pipeline: results as NUnit and JUnit, exit codes, annotations.
BeforeAll {
    $run = Join-Path $PSScriptRoot '../../examples/pipeline/run.ps1'
    $module = Join-Path $PSScriptRoot '../../module/ExtShell'
    $suite = Join-Path $TestDrive 'suites'
    $null = New-Item -ItemType Directory $suite
    Set-Content (Join-Path $suite 'Append.Tests.ps1') @"
BeforeAll { Import-Module '$module'; Import-Module '$module/ExtShell.Pester.psm1' }
Describe 'appending' {
    It 'is safe' { { `$_ | Write-Direct /log -Fill A -Length 4KB -Sync } | Should -SurviveCrash }
    It 'is not' { { `$_ | Write-Direct /log -Fill A -Length 4KB -Sync } | Should -SurviveCrash -Switch ExtendAfterSync }
}
"@
    $env:GITHUB_ACTIONS = 'true'
    $results = Join-Path $TestDrive 'results'
    $said = (pwsh -NoProfile -NonInteractive -File $run -Path $suite -ResultFolder $results) -join "`n"
    $exit = $LASTEXITCODE
    $env:GITHUB_ACTIONS = $null
}

Describe 'the example of a pipeline' {
    It 'ends with 1 where a test failed, and says how many' {
        $exit | Should -Be 1
        $said | Should -BeLike '*1 passed, 1 failed*'
    }

    It 'writes NUnit results that have the story of the finding' {
        $case = ([xml](Get-Content (Join-Path $results 'crash-tests.nunit.xml') -Raw)).SelectNodes('//test-case')
        $case.Count | Should -Be 2
        ($case | Where-Object result -In 'Failure', 'Failed').SelectSingleNode('failure').InnerText |
            Should -BeLike '*LostSize in /log*THE POWER FAILS*'
    }

    It 'writes JUnit results that have it too' {
        $case = ([xml](Get-Content (Join-Path $results 'crash-tests.junit.xml') -Raw)).SelectNodes('//testcase')
        $case.Count | Should -Be 2
        ($case | Where-Object status -EQ 'Failed').failure.message | Should -BeLike '*LostSize in /log*'
    }

    It 'annotates failures on GitHub Actions' {
        $said | Should -Match '(?m)^::error.*is not'
        $said | Should -BeLike '*LostSize in /log*'
    }
}

Describe 'the workflow' {
    It 'builds the module, runs the suites and keeps the results' {
        $workflow = Get-Content (Join-Path $PSScriptRoot '../../examples/pipeline/github-workflow.yml') -Raw
        foreach ($wanted in 'dotnet build src/ExtShell.PowerShell', 'examples/pipeline/run.ps1', 'upload-artifact', 'if: always()') {
            $workflow | Should -BeLike "*$wanted*"
        }
    }
}
