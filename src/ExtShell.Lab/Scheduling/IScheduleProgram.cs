namespace ExtShell.Lab.Scheduling;

/// <summary>What is run under one schedule after the other. Used by one worker at a time.</summary>
internal interface IScheduleProgram
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Runs it once: set-up and what comes after the threads by the first choice, the threads by the recorder's.</summary>
    /// <param name="recorder">Drives the machine.</param>
    /// <param name="into">Where failures are added.</param>
    /// <returns>What the run came to.</returns>
    ProgramEnd Run(RunRecorder recorder, List<ScheduleFailure> into);

    /// <summary>Judges a run whose fingerprint is new.</summary>
    /// <param name="end">The run.</param>
    /// <param name="isVolumeNew">Whether what it left on the volume is new too.</param>
    /// <param name="into">Where failures are added.</param>
    void Judge(ProgramEnd end, bool isVolumeNew, List<ScheduleFailure> into);

    /// <summary>The run was reported.</summary>
    /// <param name="isKept">Whether findings hold on to what it left: then its memory is not to be used again.</param>
    void LetGo(bool isKept);
}

/// <summary>What a run came to.</summary>
/// <param name="Fingerprint">What it had in common with runs that cannot be told apart.</param>
/// <param name="VolumeFingerprint">The same of what it left on the volume alone.</param>
/// <param name="State">Whatever the program needs to judge it.</param>
/// <param name="Failure">How it ended, if not well.</param>
internal readonly record struct ProgramEnd(UInt128 Fingerprint, UInt128 VolumeFingerprint, object? State, Exception? Failure)
{
    public bool IsRedundant => Failure is RunEndedException { IsRedundant: true };

    public bool IsCutShort => Failure is RunEndedException { IsRedundant: false };
}
