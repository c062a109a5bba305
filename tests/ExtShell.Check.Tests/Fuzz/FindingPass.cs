namespace ExtShell.Check.Tests.Fuzz;

/// <summary>The pass of e2fsck in which it would make a finding: the rough class by which the two are compared.</summary>
internal static class FindingPass
{
    public static int Of(FindingCode code) => code switch
    {
        <= FindingCode.JournalWithoutFeature => code == FindingCode.MetadataOverlap ? 1 : 0,
        FindingCode.OrphanFileInvalid or FindingCode.OrphanFileNotClean => 5,
        FindingCode.AttributeBlockNumberInvalid => 2,
        FindingCode.OrphanListInvalid or FindingCode.ResizeInodeInvalid => 0,
        FindingCode.InodeModeInvalid or FindingCode.InodeFieldInvalid or FindingCode.DeviceInvalid or FindingCode.SymbolicLinkInvalid => 2,
        >= FindingCode.DirectoryHole and <= FindingCode.HashTreeReferenceInvalid => 2,
        FindingCode.DirectoryUnconnected or FindingCode.DotDotWrong => 3,
        FindingCode.InodeUnattached or FindingCode.LinkCountWrong => 4,
        >= FindingCode.BlockBitmapChecksumMismatch and <= FindingCode.DirectoriesCountWrong => 5,
        _ => 1,
    };
}
