# Runs crash tests in a pipeline: every suite below a folder, results as NUnit and as JUnit, an exit code of 1 where a test failed. On
# GitHub Actions each failure is an annotation, with the story of the crash state that broke a promise.
#
#   pwsh examples/pipeline/run.ps1 -Path ./tests -ResultFolder ./TestResults
param(
    [string[]] $Path = (Join-Path $PSScriptRoot '../stories'),
    [string] $ResultFolder = (Join-Path ([IO.Path]::GetTempPath()) 'extshell-results')
)
$ErrorActionPreference = 'Stop'
Import-Module Pester -MinimumVersion 5.5
$null = New-Item -ItemType Directory $ResultFolder -Force

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.CIFormat = 'Auto' # annotations and groups where GITHUB_ACTIONS or TF_BUILD says so
$result = Invoke-Pester -Configuration $configuration

$result | Export-NUnitReport -Path (Join-Path $ResultFolder 'crash-tests.nunit.xml')
$result | Export-JUnitReport -Path (Join-Path $ResultFolder 'crash-tests.junit.xml')
"$($result.PassedCount) passed, $($result.FailedCount) failed, $($result.SkippedCount) skipped; results in $ResultFolder"
exit [int]($result.Result -ne 'Passed')
