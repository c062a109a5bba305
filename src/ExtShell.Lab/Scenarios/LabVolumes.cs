using ExtShell.Engine.Devices;
using ExtShell.Engine.Volumes.Making;

namespace ExtShell.Lab.Scenarios;

/// <summary>Volumes by specification: each is made once, and handed out as a copy that costs what is written to it.</summary>
internal static class LabVolumes
{
    private const int MostKept = 16;
    private static readonly Lock Gate = new();
    private static readonly Dictionary<VolumeSpecification, IStorage> Made = [];

    public static IStorage Begin(VolumeSpecification specification)
    {
        if (specification.Content is { } content)
        {
            lock (Gate)
                return content.Snapshot();
        }

        lock (Gate)
        {
            if (!Made.TryGetValue(specification, out IStorage? made))
            {
                if (Made.Count >= MostKept)
                    Made.Clear();
                Made.Add(specification, made = Make(specification));
            }

            return made.Snapshot();
        }
    }

    private static PagedMemory Make(VolumeSpecification specification)
    {
        var memory = new PagedMemory(specification.SizeBytes);
        VolumeMaker.Make(memory, new VolumeMakeOptions
        {
            BlockSizeBytes = specification.BlockSizeBytes,
            JournalSizeBytes = specification.JournalSizeBytes,
            Seed = specification.Seed,
            FillFreeBlocks = specification.HasStaleFill,
            Features = specification.Features,
        });
        return memory;
    }
}
