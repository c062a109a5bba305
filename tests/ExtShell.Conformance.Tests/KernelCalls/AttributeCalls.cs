using ExtShell.Engine.Inodes;
using ExtShell.Format.OnDisk;

namespace ExtShell.Conformance.Tests.KernelCalls;

/// <summary>
/// Calls on attributes, special files and extended attributes. Links hold relative paths, as absolute ones would lead the kernel out of the
/// volume; what may be a fifo or a device is never opened.
/// </summary>
internal sealed class AttributeCalls(Random random, Func<string> ordinaryName)
{
    private static readonly string[] SpecialNames = ["/s1", "/s2", "/s3", "/e/s4", "/s5"];
    private static readonly string[] AttributeNames =
    [
        "user.a", "user.b", "user.long_name_of_an_attribute", "trusted.t", "security.x", "security.capability", "user.", "other.x", "plain",
        "user." + new string('n', 240), "user." + new string('n', 251),
    ];

    private static readonly InodeFlags[] Flags =
    [
        InodeFlags.Immutable, InodeFlags.AppendOnly, InodeFlags.NoDump, InodeFlags.NoAccessTime, InodeFlags.Synchronous,
        InodeFlags.DirectorySync,
        InodeFlags.SecureDeletion, InodeFlags.NoTailMerge, InodeFlags.TopDirectory,
    ];

    public VolumeCall One() => random.Next(16) switch
    {
        0 or 1 => new(CallKind.Chmod) { Path = AnyName(), Permissions = (InodeMode)random.Next(0x1000) },
        2 => new(CallKind.Chown) { Path = AnyName(), Owner = Id(), Group = Id(), FollowsLink = random.Next(2) == 0 },
        3 => new(CallKind.Utimes) { Path = AnyName(), Accessed = Time(), Modified = Time(), FollowsLink = random.Next(2) == 0 },
        4 => new(CallKind.Chattr) { Path = ordinaryName(), AddedFlags = Flags[random.Next(Flags.Length)] },
        5 or 6 => new(CallKind.Chattr)
        {
            Path = ordinaryName(), RemovedFlags = InodeFlags.Immutable | InodeFlags.AppendOnly | Flags[random.Next(Flags.Length)],
        },
        7 => new(CallKind.Symlink) { Path = AnyName(), Target = Target() },
        8 => new(CallKind.Mknod)
        {
            Path = SpecialName(), Permissions = NodeType() | (InodeMode)0x1A4,
            Device = new DeviceNumber((uint)random.Next(600), (uint)random.Next(600)),
        },
        9 => new(random.Next(2) == 0 ? CallKind.ReadLink : CallKind.Unlink) { Path = SpecialName() },
        10 or 11 or 12 => new(CallKind.SetXattr)
        {
            Path = AnyName(), Attribute = AttributeName(), Length = Length(), Pattern = random.Next(3), FollowsLink = random.Next(2) == 0,
            AttributeMode = random.Next(3) == 0 ? (XattrMode)random.Next(3) : XattrMode.Any,
        },
        13 => new(CallKind.RemoveXattr) { Path = AnyName(), Attribute = AttributeName(), FollowsLink = random.Next(2) == 0 },
        14 => new(CallKind.GetXattr) { Path = AnyName(), Attribute = AttributeName(), FollowsLink = random.Next(2) == 0 },
        _ => new(random.Next(2) == 0 ? CallKind.ListXattr : CallKind.StatAll) { Path = AnyName() },
    };

    private string SpecialName() => SpecialNames[random.Next(SpecialNames.Length)];

    private string AnyName() => random.Next(3) == 0 ? SpecialName() : ordinaryName();

    private string AttributeName() => AttributeNames[random.Next(random.Next(4) == 0 ? AttributeNames.Length : 6)];

    private uint? Id() => random.Next(4) switch { 0 => null, 1 => 0u, 2 => 8u, _ => (uint)random.Next(200_000) };

    private NewTime Time() => random.Next(4) switch
    {
        0 => NewTime.Now,
        1 => NewTime.Keep,
        2 => NewTime.At(random.NextInt64(-3_000_000_000L, 4_000_000_000L) * 1_000_000_000L),
        _ => NewTime.At(random.NextInt64()),
    };

    private string Target() => random.Next(6) switch
    {
        0 => "a",
        1 => "e/a",
        2 => "f",
        3 => new string('t', 50 + random.Next(20)),
        4 => string.Join('/', Enumerable.Repeat(new string('p', 100), 1 + random.Next(50))),
        _ => "",
    };

    private InodeMode NodeType() => random.Next(6) switch
    {
        0 or 1 => InodeMode.Fifo,
        2 => InodeMode.Socket,
        3 => InodeMode.CharacterDevice,
        4 => InodeMode.BlockDevice,
        _ => InodeMode.Directory,
    };

    private long Length() => random.Next(5) switch
    {
        0 => random.Next(4),
        1 => 20,
        2 => random.Next(100),
        3 => random.Next(1500),
        _ => random.Next(70) == 0 ? 65537 : random.Next(4200),
    };
}
