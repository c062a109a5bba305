using ExtShell.Engine.Devices;
using ExtShell.Engine.Kernel;
using ExtShell.Format.Sources;

namespace ExtShell.Lab.Crash;

/// <summary>
/// A device over an undecided image, for the engine to mount. It has no cache: what is written is there when the write ends.
/// </summary>
internal sealed class UndecidedDisk : IBlockDevice
{
    private readonly Machine _machine;
    private readonly UndecidedImage _image;
    private readonly List<Bio> _inFlight = [];
    private int _nextId;

    public UndecidedDisk(Machine machine, UndecidedImage image)
    {
        _machine = machine;
        _image = image;
        machine.AddInterruptSource(this);
    }

    public long LengthBytes => _image.LengthBytes;

    public int SectorSizeBytes => 512;

    public DeviceTraits Traits => new(HasVolatileCache: false);

    public IByteSource Content => _image;

    public int PendingCount => _inFlight.Count;

    public int PendingId(int index) => index;

    public string DescribePending(int index) => _inFlight[index].Describe();

    public void Submit(Bio bio)
    {
        bio.MarkSubmitted(this, _nextId++);
        _inFlight.Add(bio);
    }

    public bool TryFire(Bio bio)
    {
        int index = _inFlight.IndexOf(bio);
        if (index < 0)
            return false;
        _machine.FireNow(this, index);
        return true;
    }

    public void Fire(int index)
    {
        Bio bio = _inFlight[index];
        _inFlight.RemoveAt(index);
        switch (bio.Operation)
        {
            case BioOperation.Write:
                _image.Write(bio.OffsetBytes, bio.Data.Span);
                break;
            case BioOperation.WriteZeroes:
                _image.Write(bio.OffsetBytes, new byte[bio.LengthBytes]);
                break;
            case BioOperation.Read:
                _image.Read(bio.OffsetBytes, bio.LengthBytes).CopyTo(bio.Data.Span);
                break;
        }

        bio.MarkEnded(Format.Errors.Errno.None);
    }
}
