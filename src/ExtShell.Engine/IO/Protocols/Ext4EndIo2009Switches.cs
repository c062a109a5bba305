namespace ExtShell.Engine.IO.Protocols;

/// <summary>The defects of <see cref="Ext4EndIo2009"/> that can be turned on.</summary>
[Flags]
public enum Ext4EndIo2009Switches
{
    /// <summary>The cured protocol.</summary>
    None = 0,

    /// <summary>
    /// AckBeforeConversion: an asynchronous write is acknowledged when its data is on the device (as posted; 5b3ff237bef4).
    /// </summary>
    AckBeforeConversion = 1,

    /// <summary>EndIoInInterrupt: the callback of the last bio waits for the conversion queue itself.</summary>
    EndIoInInterrupt = 2,

    /// <summary>ItemHoldsNoInode: a queued conversion holds no reference of its inode.</summary>
    ItemHoldsNoInode = 4,

    /// <summary>FsyncIgnoresQueue: fsync and sync do not flush the conversion queue.</summary>
    FsyncIgnoresQueue = 8,

    /// <summary>
    /// SetattrWithoutMappingLock: setattr stores the disk size without the lock under which the worker compares and stores it.
    /// </summary>
    SetattrWithoutMappingLock = 16,

    /// <summary>CountDropsAtCompletion: the in-flight count drops when the bios end, not after the conversion.</summary>
    CountDropsAtCompletion = 32,

    /// <summary>CountDropsAtCompletion:AllocatesAnew: the same, and a conversion that finds a hole allocates there.</summary>
    AllocatesAnew = 64,

    /// <summary>NoSplitAtMap: unwritten extents are split by the conversion, not when they are mapped.</summary>
    NoSplitAtMap = 128,

    /// <summary>NoSplitAtMap:ZeroOut: the same, and where the split finds no space the whole extent is zeroed and marked written.</summary>
    ZeroOut = 256,

    /// <summary>ConversionErrorDropped: a failed conversion is nobody's error.</summary>
    ConversionErrorDropped = 512,

    /// <summary>FillHolesWritten: a hole inside the size is allocated written.</summary>
    FillHolesWritten = 1024,

    /// <summary>NoOrphan: an extending write does not put its inode on the orphan list.</summary>
    NoOrphan = 2048,
}
