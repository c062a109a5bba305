using System.Buffers.Binary;

namespace ExtShell.Check.Tests.Fuzz;

/// <summary>Damage without measure: many fields at once, blocks of metadata over others, pointers that lead to metadata.</summary>
internal sealed class BlockScrambler(TargetList targets, byte[] image)
{
    private const int MostSteps = 60;
    private readonly List<ByteRange> _changed = [];

    public IReadOnlyList<ByteRange> Changed => _changed;

    public void Scramble(Random random)
    {
        _changed.Clear();
        var mutator = new Mutator(targets, image);
        for (int i = random.Next(1, MostSteps); i > 0; i--)
        {
            switch (random.Next(4))
            {
                case 0:
                    CopyOver(Choose(random), Choose(random));
                    break;
                case 1:
                    Point(Choose(random), random);
                    break;
                default:
                    mutator.Mutate(random);
                    _changed.AddRange(mutator.Changed);
                    break;
            }
        }
    }

    private MutationTarget Choose(Random random)
    {
        TargetKind kind = targets.Kinds[random.Next(1, targets.Kinds.Count)];
        return targets.Of(kind)[random.Next(targets.Of(kind).Count)];
    }

    private void CopyOver(MutationTarget from, MutationTarget to)
    {
        int length = Math.Min(from.LengthBytes, to.LengthBytes);
        byte[] bytes = image.AsSpan((int)from.OffsetBytes, length).ToArray();
        bytes.CopyTo(image.AsSpan((int)to.OffsetBytes));
        _changed.Add(new ByteRange(to.OffsetBytes, length));
    }

    private void Point(MutationTarget at, Random random)
    {
        int offset = random.Next(at.LengthBytes / 4) * 4;
        uint block = (uint)(Choose(random).OffsetBytes / targets.Volume.BlockSizeBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(image.AsSpan((int)at.OffsetBytes + offset), block);
        _changed.Add(new ByteRange(at.OffsetBytes + offset, 4));
    }
}
