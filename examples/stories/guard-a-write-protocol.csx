// An application's own write protocol, guarded: a journal with a header that says how many records there are. What the file system promises
// is not what the application promises; its own verifier looks at every disk that a power cut can leave, and says which protocol holds.

const int Block = 4096;
byte[] Record(int number) => Encoding.ASCII.GetBytes($"record {number} ".PadRight(Block, (char)('a' + number)));
byte[] Header(int count) => Encoding.ASCII.GetBytes($"{count}".PadRight(Block));

// The two protocols. Both acknowledge a record when Append returns.
void Together(FileHandle file, int number)
{
    DirectIo record = file.StartDirect(number * Block, Record(number), SyncKind.DataSync);
    DirectIo header = file.StartDirect(0, Header(number), SyncKind.DataSync);
    file.WaitDirect(record);
    file.WaitDirect(header);
}

void InOrder(FileHandle file, int number)
{
    file.WriteDirect(number * Block, Record(number), SyncKind.DataSync);
    file.WriteDirect(0, Header(number), SyncKind.DataSync);
}

// What must hold on every disk: the header's records are all there, and what was acknowledged is among them.
string Verify(Volume after, int acknowledged)
{
    FileHandle file = after.Open("/journal");
    int count = int.Parse(Encoding.ASCII.GetString(file.ReadBuffered(0, Block)));
    for (int number = 1; number <= count; number++)
    {
        if (!file.ReadBuffered(number * Block, Block).SequenceEqual(Record(number)))
            return $"the header says {count}, and record {number} is not there";
    }

    return count < acknowledged ? $"{acknowledged} record(s) were acknowledged, the header says {count}" : "";
}

// Runs a protocol, cuts the power after every event of the device, and verifies the oldest disk, the newest, and some in between.
(int Disks, List<string> Failures) Guard(Action<FileHandle, int> append)
{
    Volume volume = NewVolume("16MiB");
    FileHandle file = volume.Create("/journal");
    file.WriteDirect(0, Header(0));
    file.Fallocate(Block, 3 * Block);
    file.Sync();
    int begin = volume.WriteLog.Position;
    var acknowledgedAt = new List<int>();
    for (int number = 1; number <= 3; number++)
    {
        append(file, number);
        acknowledgedAt.Add(volume.WriteLog.Position);
    }

    int disks = 0;
    var failures = new List<string>();
    for (int cut = begin; cut <= volume.WriteLog.Position; cut++)
    {
        WriteProgress("guard", $"cut {cut}", 100 * (cut - begin) / Math.Max(1, volume.WriteLog.Position - begin));
        PowerCut power = volume.Crash(cut);
        foreach (CrashState state in Enumerable.Range(0, 6).Select(power.Sample).Append(power.Oldest()).Append(power.Newest()))
        {
            using Volume after = Laboratory.MountCrashState(state);
            disks++;
            string wrong = Verify(after, acknowledgedAt.Count(at => at <= cut));
            if (wrong.Length > 0)
                failures.Add($"cut {cut}: {wrong}");
        }
    }

    EndProgress("guard");
    CrashReport promises = SearchCrashStates(volume);
    Print($"   the file system: {promises.Summary}");
    return (disks, failures);
}

Print("-- Record and header are written together, and both are waited for");
(int together, List<string> broken) = Guard(Together);
Print($"   the application: {together:N0} disks, {broken.Count} of them broken; expected here, such as");
Print($"   {broken[0]}");
Print();
Print("-- First the record, then the header");
(int inOrder, List<string> none) = Guard(InOrder);
Print($"   the application: {inOrder:N0} disks, {none.Count} of them broken");
if (none.Count > 0)
    throw new InvalidOperationException(none[0]);
