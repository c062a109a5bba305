# The application of guard-a-write-protocol: a journal whose first block says how many records follow, a block each.
$block = 4096

function Get-RecordText([int] $Number) { "record $Number ".PadRight($block, [char](96 + $Number)) }

function New-Journal($Volume) {
    $Volume | Write-Direct /journal 0 -Text '0'.PadRight($block)
    $Volume | Invoke-Fallocate /journal $block (3 * $block)
    $Volume | Sync-File /journal
    $Volume | Sync-File / # the name, too
}

# Wrong: the header may be on the disk when the record is not.
function Add-Together($Volume, [int] $Number) {
    $null = @(
        $Volume | Start-Direct /journal ($Number * $block) -Text (Get-RecordText $Number) -DataSync
        $Volume | Start-Direct /journal 0 -Text "$Number".PadRight($block) -DataSync
    ) | Wait-Direct
}

# Right: the header is written when the record is durable.
function Add-InOrder($Volume, [int] $Number) {
    $Volume | Write-Direct /journal ($Number * $block) -Text (Get-RecordText $Number) -DataSync
    $Volume | Write-Direct /journal 0 -Text "$Number".PadRight($block) -DataSync
}

# What must hold on every disk: the header's records are all there, and what was acknowledged is among them.
function Test-Journal($Volume, [int] $Acknowledged) {
    $count = [int]($Volume | Read-Buffered /journal 0 $block -AsText)
    for ($number = 1; $number -le $count; $number++) {
        if (($Volume | Read-Buffered /journal ($number * $block) $block -AsText) -ne (Get-RecordText $number)) {
            throw "the header says $count, and record $number is not there"
        }
    }
    if ($count -lt $Acknowledged) { throw "$Acknowledged records were acknowledged, the header says $count" }
}
