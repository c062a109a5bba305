using ExtShell.Format.Errors;

namespace ExtShell.Engine.Devices;

/// <summary>A device whose writes can be recorded, so that what a power cut can leave is derived from the log.</summary>
public interface IRecordedDevice : IBlockDevice
{
    /// <summary>Where the content is kept.</summary>
    IStorage Storage { get; }

    /// <summary>The log, once it was started.</summary>
    WriteLog? Log { get; }

    /// <summary>How a bio is to fail, asked at its end: none, EIO, ENOSPC… The plan must be a function of the run.</summary>
    Func<Bio, Errno>? FaultPlan { get; set; }

    /// <summary>Begins a log with the content as it is; nothing may be in flight.</summary>
    WriteLog StartLog();
}
