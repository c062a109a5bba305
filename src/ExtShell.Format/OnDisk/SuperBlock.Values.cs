namespace ExtShell.Format.OnDisk;

public partial struct SuperBlock
{
    /// <summary>Where the first copy is, whatever the block size.</summary>
    public const int OffsetBytes = 1024;

    /// <summary>Bytes of the superblock.</summary>
    public const int SizeBytes = 0x400;

    /// <summary>What <see cref="Magic"/> holds.</summary>
    public const ushort ExpectedMagic = 0xEF53;

    /// <summary>What <see cref="RevisionLevel"/> holds if the dynamic fields count.</summary>
    public const uint DynamicRevision = 1;

    /// <summary>What <see cref="ChecksumType"/> holds with metadata_csum.</summary>
    public const byte ChecksumTypeCrc32C = 1;

    /// <summary>Whether any of the features is on.</summary>
    public readonly bool Has(CompatibleFeatures feature) => ((CompatibleFeatures)FeatureCompat.Value & feature) != 0;

    /// <summary>Whether any of the features is on.</summary>
    public readonly bool Has(IncompatibleFeatures feature) => ((IncompatibleFeatures)FeatureIncompat.Value & feature) != 0;

    /// <summary>Whether any of the features is on.</summary>
    public readonly bool Has(ReadOnlyCompatibleFeatures feature) =>
        ((ReadOnlyCompatibleFeatures)FeatureReadOnlyCompat.Value & feature) != 0;

    /// <summary>The compatible features.</summary>
    public CompatibleFeatures Compatible
    {
        readonly get => (CompatibleFeatures)FeatureCompat.Value;
        set => FeatureCompat = (uint)value;
    }

    /// <summary>The incompatible features.</summary>
    public IncompatibleFeatures Incompatible
    {
        readonly get => (IncompatibleFeatures)FeatureIncompat.Value;
        set => FeatureIncompat = (uint)value;
    }

    /// <summary>The features that a reader need not know.</summary>
    public ReadOnlyCompatibleFeatures ReadOnlyCompatible
    {
        readonly get => (ReadOnlyCompatibleFeatures)FeatureReadOnlyCompat.Value;
        set => FeatureReadOnlyCompat = (uint)value;
    }

    /// <summary>Number of blocks. The high half counts only with 64bit. As the image says: it may be absurd.</summary>
    public ulong BlocksCount
    {
        readonly get => Combine(BlocksCountLow, BlocksCountHigh);
        set => (BlocksCountLow, BlocksCountHigh) = Split(value);
    }

    /// <summary>Blocks reserved for the superuser.</summary>
    public ulong ReservedBlocksCount
    {
        readonly get => Combine(ReservedBlocksCountLow, ReservedBlocksCountHigh);
        set => (ReservedBlocksCountLow, ReservedBlocksCountHigh) = Split(value);
    }

    /// <summary>Free blocks.</summary>
    public ulong FreeBlocksCount
    {
        readonly get => Combine(FreeBlocksCountLow, FreeBlocksCountHigh);
        set => (FreeBlocksCountLow, FreeBlocksCountHigh) = Split(value);
    }

    /// <summary>Last mount, seconds since 1970.</summary>
    public long MountTime
    {
        readonly get => CombineTime(MountTimeLow, MountTimeHigh);
        set => (MountTimeLow, MountTimeHigh) = SplitTime(value);
    }

    /// <summary>Last write, seconds since 1970.</summary>
    public long WriteTime
    {
        readonly get => CombineTime(WriteTimeLow, WriteTimeHigh);
        set => (WriteTimeLow, WriteTimeHigh) = SplitTime(value);
    }

    /// <summary>When it was made, seconds since 1970.</summary>
    public long MakeTime
    {
        readonly get => CombineTime(MakeTimeLow, MakeTimeHigh);
        set => (MakeTimeLow, MakeTimeHigh) = SplitTime(value);
    }

    /// <summary>Last check, seconds since 1970.</summary>
    public long LastCheck
    {
        readonly get => CombineTime(LastCheckLow, LastCheckHigh);
        set => (LastCheckLow, LastCheckHigh) = SplitTime(value);
    }

    /// <summary>The state as flags.</summary>
    public MountState MountState
    {
        readonly get => (MountState)State.Value;
        set => State = (ushort)value;
    }

    private readonly ulong Combine(uint low, uint high) => Has(IncompatibleFeatures.Bits64) ? low | ((ulong)high << 32) : low;

    private static (uint Low, uint High) Split(ulong value) => ((uint)value, (uint)(value >> 32));

    private static long CombineTime(uint low, byte high) => low | ((long)high << 32);

    private static (uint Low, byte High) SplitTime(long value) => ((uint)value, (byte)(value >> 32));
}
