namespace ExtShell.Lab.Durability;

/// <summary>
/// The ledger's rules, by number. They say what callers may rely on, not how the engine does it; where ext4 gives more than the manual
/// pages promise, the rule says so.
/// </summary>
public static class LedgerRules
{
    /// <summary>The volume mounts.</summary>
    public const int Mounts = 1;

    /// <summary>Nothing stale is shown.</summary>
    public const int NothingStale = 2;

    /// <summary>A write may be seen from its call on.</summary>
    public const int SeenFromCall = 3;

    /// <summary>O_SYNC and O_DSYNC.</summary>
    public const int SynchronousWrite = 4;

    /// <summary>fsync, fdatasync, sync, unmount.</summary>
    public const int Sync = 5;

    /// <summary>Overlapping writes that nobody ordered.</summary>
    public const int Unordered = 6;

    /// <summary>Truncate leaves zeroes.</summary>
    public const int Truncate = 7;

    /// <summary>The size reaches promised data.</summary>
    public const int SizeReachesData = 8;

    /// <summary>The size is one that a call gave.</summary>
    public const int SizeHasReason = 9;

    /// <summary>A new size shows the data behind it.</summary>
    public const int SizeAfterData = 10;

    /// <summary>Names after fsync of the directory, sync or unmount.</summary>
    public const int NamesAfterSync = 11;

    /// <summary>Names after fsync of the file.</summary>
    public const int NamesAfterFileSync = 12;

    /// <summary>Directory operations in their order.</summary>
    public const int NamesInOrder = 13;

    /// <summary>Names have reasons.</summary>
    public const int NamesHaveReasons = 14;

    /// <summary>Link counts.</summary>
    public const int LinkCounts = 15;

    /// <summary>Reserved blocks stay.</summary>
    public const int Reservations = 16;

    /// <summary>A failed call harms nothing.</summary>
    public const int FailedCalls = 17;

    /// <summary>A failed fsync.</summary>
    public const int FailedSync = 18;

    /// <summary>Bystanders.</summary>
    public const int Bystanders = 19;

    /// <summary>Readers.</summary>
    public const int Readers = 20;

    /// <summary>Renames.</summary>
    public const int Renames = 21;

    /// <summary>Buffered beside direct.</summary>
    public const int BufferedBesideDirect = 22;

    /// <summary>Punched and zeroed ranges.</summary>
    public const int Zeroed = 23;

    /// <summary>Collapsed and inserted ranges.</summary>
    public const int Shifted = 24;

    /// <summary>Mapped stores.</summary>
    public const int MappedStores = 25;

    /// <summary>Appends.</summary>
    public const int Appends = 26;

    /// <summary>Calls that promise less than they were asked for.</summary>
    public const int ShortCounts = 27;

    /// <summary>Nothing written without an error.</summary>
    public const int NothingWritten = 28;

    /// <summary>Permissions, owner, flags and extended attributes.</summary>
    public const int Attributes = 29;

    /// <summary>All rules, by number.</summary>
    public static IReadOnlyList<LedgerRule> All { get; } =
    [
        new(Mounts, "The volume mounts",
            "With a journal, a cut at any moment leaves a volume that recovers, mounts, and is consistent. (The explorer judges "
            + "this by recovery and by the checker.)",
            "kernel Documentation/filesystems/ext4/journal.rst"),
        new(NothingStale, "Nothing stale is shown",
            "A byte of a file is one that some call wrote to that place of that file, or zero. What the disk held before, another file's "
            + "bytes, a deleted file's and the file system's own are never shown, at no cut. (data=writeback and volumes without a journal "
            + "make no such promise; it is reported there all the same.)",
            "kernel Documentation/admin-guide/ext4.rst, data=ordered; POSIX lseek: gaps read as zero"),
        new(SeenFromCall, "A write may be seen from its call on",
            "From the moment a write is called, a cut may show it, whole or in parts of 512 bytes, or not show it, until something "
            + "promised makes the newer version durable.",
            "POSIX write: nothing is said of a crash before synchronized completion"),
        new(SynchronousWrite, "O_SYNC and O_DSYNC",
            "A write with O_SYNC or O_DSYNC (RWF_SYNC, RWF_DSYNC) that was acknowledged survives. An asynchronous one is acknowledged when "
            + "its completion is delivered. It promises its own bytes, not those of earlier writes that were not synced.",
            "open(2): O_SYNC, O_DSYNC; io_submit(2): aio_rw_flags; pwritev2(2)"),
        new(Sync, "fsync, fdatasync, sync, unmount",
            "What was acknowledged before the call of an fsync or fdatasync of the file, of a sync of the volume or of an unmount, "
            + "survives once that has returned without error. What was in flight when it was called need not.",
            "fsync(2), syncfs(2), umount(2); POSIX fsync"),
        new(Unordered, "Overlapping writes that nobody ordered",
            "A write is after another if the other was acknowledged before it was called. Of writes that overlap in time either may "
            + "stay, unit by unit.",
            "POSIX write; io_submit(2): no order is promised"),
        new(Truncate, "Truncate leaves zeroes",
            "What lies past the new size reads as zero if the file grows again. A truncate is durable with the next durable change "
            + "of the size, as the size is one datum.",
            "POSIX ftruncate; fdatasync(2) on st_size"),
        new(SizeReachesData, "The size reaches promised data",
            "When bytes are durable by promise, the size that is needed to read them is, by O_DSYNC and fdatasync too; a durable "
            + "truncate stays.",
            "open(2): O_DSYNC and the file length; fdatasync(2) on st_size"),
        new(SizeHasReason, "The size is one that a call gave",
            "The size after a cut is one that the file had, or that a write or fallocate was giving it, between its start (of a "
            + "buffered write: the old end) and its end.",
            "POSIX write, ftruncate; fallocate(2)"),
        new(SizeAfterData, "A new size shows the data behind it",
            "If the size after a cut can only come from one direct write, what that write appended up to this size is there. (Not "
            + "with data=writeback, and not of buffered writes: delayed allocation may show zeroes.)",
            "kernel Documentation/admin-guide/ext4.rst, data=ordered: data is written before the metadata that refers to it"),
        new(NamesAfterSync, "Names after fsync of the directory, sync or unmount",
            "A name that was made or removed stays so after an fsync of its directory, a sync of the volume or an unmount that was "
            + "called later has returned.",
            "fsync(2): the directory needs an fsync of its own"),
        new(NamesAfterFileSync, "Names after fsync of the file",
            "More than the manual page promises: with a journal, fsync of a file, or a write with O_SYNC, makes the names that it was "
            + "given or lost durable, since one transaction holds entry and inode; fdatasync and O_DSYNC do so for the name it was created "
            + "with. Not without a journal.",
            "ext4's practice; kernel Documentation/filesystems/ext4/journal.rst: a transaction is replayed whole or not at all"),
        new(NamesInOrder, "Directory operations in their order",
            "With a journal: if a cut shows a directory operation, it shows every one that was acknowledged before that one was "
            + "called.",
            "kernel Documentation/filesystems/ext4/journal.rst: transactions commit in order, each whole"),
        new(NamesHaveReasons, "Names have reasons",
            "A path leads to what some call made it lead to, or to what it led to when the log began; not to what was removed "
            + "durably.",
            "POSIX link, unlink, mkdir, rmdir, open"),
        new(LinkCounts, "Link counts",
            "A file's link count is the number of its names.",
            "POSIX stat: st_nlink"),
        new(Reservations, "Reserved blocks stay",
            "Blocks that fallocate reserved, and a later fsync or sync covered, stay allocated until a truncate is called. Blocks past the "
            + "end (FALLOC_FL_KEEP_SIZE) are not promised from the call of an extending write until that write is durable: recovery may "
            + "have to truncate the file to its old size. If that write fails, those that were reserved before are not promised any more.",
            "fallocate(2): later writes do not fail for lack of space; fsync(2)"),
        new(FailedCalls, "A failed call harms nothing",
            "A call that failed promises nothing. A failed write may have changed bytes of its own range to its own bytes, and "
            + "nothing else of what was promised before.",
            "POSIX write, errors; open(2) NOTES on O_DIRECT"),
        new(FailedSync, "A failed fsync",
            "What was acknowledged before an fsync that failed is not promised by a later fsync that succeeds: its pages may be "
            + "clean and lost.",
            "fsync(2), errors: EIO"),
        new(Bystanders, "Bystanders",
            "A file that no call touched keeps its names, size and blocks.",
            "POSIX: calls change what they name"),
        new(Readers, "Readers",
            "Without a cut: a read that is called after a write was acknowledged sees that write or a newer one; one that overlaps "
            + "it in time sees either.",
            "POSIX read, write: a read that can be proved to come after a write returns the new data"),
        new(Renames, "A rename is whole",
            "With a journal: a cut shows the old name or the new one, never both and never none, and what the new name led to "
            + "before only with the old one.",
            "rename(2): the new name is replaced atomically; kernel Documentation/filesystems/ext4/journal.rst"),
        new(BufferedBesideDirect, "Buffered beside direct",
            "A direct write promises nothing in a page of 4 KiB into which a buffered write that overlaps it in time went: the page "
            + "may have been read before the direct write and be written back after it.",
            "open(2), NOTES: mixing O_DIRECT and normal I/O on overlapping regions"),
        new(Zeroed, "Punched and zeroed ranges",
            "A punched or zeroed range reads as zeroes, as if they had been written: from the call on a cut may show them, in parts, and "
            + "shows nothing older once an fsync or sync that was called later has returned. A punch keeps the size.",
            "fallocate(2): FALLOC_FL_PUNCH_HOLE, FALLOC_FL_ZERO_RANGE; fsync(2)"),
        new(Shifted, "Collapsed and inserted ranges",
            "From the call of a collapse or insert on, a cut may show each block of what follows at its old place or at its new one, and "
            + "the old size or the new one; once an fsync or sync that was called later has returned, only the new. Shifts of one file "
            + "that callers did not order leave what follows without promises. Nothing is promised of reservations behind a shift.",
            "fallocate(2): FALLOC_FL_COLLAPSE_RANGE, FALLOC_FL_INSERT_RANGE: nothing is said of a crash; fsync(2)"),
        new(MappedStores, "Stores into mappings",
            "A store into a mapping is a write through the page cache, seen by all readers from its return on; a load from a mapping is a "
            + "reader. It is durable once an msync (MS_SYNC) of its page, or an fsync, fdatasync or sync of rule 5, that was called later "
            + "has returned, and so is the size that it lies in. What is stored past the end of the file is no part of the file: it is "
            + "never seen, even when the file grows.",
            "mmap(2): MAP_SHARED, and on the rest of the last page; msync(2): MS_SYNC; POSIX mmap"),
        new(Appends, "Appends",
            "A write with O_APPEND goes where the file ended at one moment between its call and its return, in one step with the write: "
            + "from then on it is promised as if that offset had been asked for. Before it has its place it changes nothing.",
            "open(2): O_APPEND: the positioning and the write are one atomic step; POSIX write"),
        new(ShortCounts, "Calls that promise less than they were asked for",
            "A write that returned fewer bytes than it was given promises those, and may have changed the others as a failed one may. One "
            + "that failed with EAGAIN (RWF_NOWAIT) promises nothing.",
            "POSIX write: the number of bytes actually written; pwritev2(2): RWF_NOWAIT"),
        new(NothingWritten, "Nothing written without an error",
            "A write that was given bytes never returns 0: where it wrote none of them, an error says why. Programs call again for what "
            + "is left over, and would do so for ever.",
            "POSIX write, RETURN VALUE and RATIONALE; write(2): a partial write is followed by another, which tells the error"),
        new(Attributes, "Permissions, owner, flags and extended attributes",
            "Permissions that a chmod, an owner and a group that a chown, flags that a chattr, and an extended attribute that a setxattr "
            + "gave a file or a removexattr took from it stay so, or are newer, once an fsync of the file, a sync or an unmount that was "
            + "called later has returned. Nothing is promised of set-ID bits and security.capability, which writes take away, nor by "
            + "fdatasync.",
            "fsync(2): metadata associated with the file (inode(7)); xattr(7); fdatasync(2)"),
    ];
}
