using ExtShell.Engine.Volumes;
using ExtShell.Format.Errors;
using ExtShell.Format.OnDisk;

namespace ExtShell.Conformance.Tests.Trees;

/// <summary>
/// Attributes, links and special files, from a seed, on a volume that has files already; some are removed again, with blocks that they
/// share.
/// </summary>
internal sealed class AttributeWorkload(int seed, Volume volume, IEnumerable<string> files)
{
    private readonly Random _random = new(seed);
    private readonly List<string> _files = [.. files];
    private readonly List<string> _made = [];

    public void Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            try
            {
                One(i);
            }
            catch (FileSystemException refused) when (refused.Errno is Errno.ENOSPC or Errno.ENODATA or Errno.EPERM)
            {
                // no room for the attribute, none to take away, or none for such a file
            }
        }
    }

    private void One(int number)
    {
        string made = $"/special{number}";
        switch (_random.Next(9))
        {
            case 0:
                volume.Symlink(new string('t', 1 + _random.Next(_random.Next(2) == 0 ? 80 : 1000)), made);
                _made.Add(made);
                break;
            case 1:
                InodeMode[] types = [InodeMode.Fifo, InodeMode.Socket, InodeMode.BlockDevice, InodeMode.CharacterDevice];
                volume.Mknod(made, types[_random.Next(4)] | (InodeMode)0x1B6,
                    new DeviceNumber((uint)_random.Next(4096), (uint)_random.Next(1 << 20)));
                _made.Add(made);
                break;
            case 2 when _made.Count > 0:
                int index = _random.Next(_made.Count);
                volume.Unlink(_made[index]);
                _made.RemoveAt(index);
                break;
            case 3:
                volume.Chmod(AnyFile(), (InodeMode)_random.Next(0x1000));
                break;
            case 4:
                volume.Chown(AnyName(), (uint)_random.Next(100_000), (uint)_random.Next(100_000), followsLink: false);
                break;
            case 5:
                volume.Chattr(AnyFile(), InodeFlags.NoDump, InodeFlags.NoAccessTime);
                break;
            case 6:
                volume.RemoveXattr(AnyName(), AttributeName(), followsLink: false);
                break;
            default:
                var value = new byte[_random.Next(_random.Next(3) == 0 ? 3000 : 100)];
                new Random(_random.Next(2)).NextBytes(value); // equal ones are frequent, and blocks shared
                volume.SetXattr(AnyName(), AttributeName(), value, followsLink: false);
                break;
        }
    }

    private string AttributeName() =>
        _random.Next(4) switch { 0 => "trusted.t", 1 => "security.s", 2 => "user.a", _ => "user.another_name" };

    private string AnyFile() => _files.Count == 0 ? "/" : _files[_random.Next(_files.Count)];

    private string AnyName() => _made.Count > 0 && _random.Next(3) == 0 ? _made[_random.Next(_made.Count)] : AnyFile();
}
