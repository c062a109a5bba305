# An ext4 image, made, filled, edited and read back on any system: no root, no mount, no loop device.
$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../../module/ExtShell')
$folder = New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) "extshell-story-$PID")
$image = Join-Path $folder 'disk.img'
$tree = New-Item -ItemType Directory (Join-Path $folder 'tree/etc') -Force
Set-Content (Join-Path $tree 'hostname') 'laboratory'
Set-Content (Join-Path $tree.Parent 'readme.txt') 'made without root'

'-- Make an image as mke2fs -t ext4 does, and copy a folder into it'
New-Volume 64MB $image | Import-Folder $tree.Parent -PassThru | Dismount-Volume
Test-Consistency $image | Format-List

'-- Edit it as a drive'
$null = New-PSDrive -Name disk -PSProvider ExtShell -Root $image -ReadWrite
Set-Content disk:/etc/hostname 'crash-lab'
Rename-Item disk:/readme.txt README
$null = New-Item disk:/var -ItemType Directory
$null = New-Item 'disk:/var/a file [1]' -Value 'odd names are names'
Get-ChildItem disk:/ -Recurse | Format-Table
Remove-PSDrive disk

'-- Or by cmdlets: preallocate, write around the page cache, look at the extents'
$volume = Mount-Volume $image
$volume | Invoke-Fallocate /var/data 0 1MB
$volume | Write-Direct /var/data 256KB -Fill D -Length 64KB
$volume | Get-Extent /var/data | Format-Table
$volume | Dismount-Volume
if (-not (Test-Consistency $image -Quiet)) { throw 'the image is damaged' }

'-- Read it back'
$volume = Mount-Volume $image -ReadOnly
$volume | Export-Folder (Join-Path $folder 'out')
$volume | Dismount-Volume
$name = Get-Content (Join-Path $folder 'out/etc/hostname')
"/etc/hostname: $name"
$isSame = $name -eq 'crash-lab' -and (Get-Item (Join-Path $folder 'out/var/data')).Length -eq 1MB
Remove-Item $folder -Recurse
if (-not $isSame) { throw 'what comes out is what went in' }
