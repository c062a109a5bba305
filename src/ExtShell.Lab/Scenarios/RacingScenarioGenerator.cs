using System.Text;

namespace ExtShell.Lab.Scenarios;

/// <summary>
/// Small scenarios of one to three threads on one file and one beside it, by seed: what callers of direct I/O do to each other, and what
/// happens to them meanwhile. It knows what callers can do, and nothing of protocols.
/// </summary>
/// <remarks>
/// (1) A seed decides a scenario, on every machine: it is written as text and read back.
/// (2) Offsets and lengths come from a small grid, so that operations meet; patterns differ, so that bytes tell who wrote them.
/// (3) Half of the scenarios have one thread whose operations follow from each other (write, then sync, then read); races are the others'.
/// </remarks>
public static class RacingScenarioGenerator
{
    private const int Block = 4096;

    /// <summary>Makes the scenario of a seed.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="features">The volume's features, as <c>mke2fs -O</c>; empty for those of ext4.</param>
    /// <param name="isPersistentMemory">Whether the volume is on persistent memory.</param>
    public static Scenario Make(ulong seed, string features = "", bool isPersistentMemory = false) =>
        Scenario.Parse(new Writer(new Dice(seed * 0x9E37_79B9 ^ 0x7261_6365)).Write(seed, features, isPersistentMemory)); // (1)

    private sealed class Writer(Dice dice)
    {
        private readonly StringBuilder _text = new();
        private int _nextPattern = 1;
        private int _nextIo;
        private bool _usesSmallUnits;
        private bool _hasAppender;

        public string Write(ulong seed, string features, bool isPersistentMemory)
        {
            _usesSmallUnits = dice.Percent(25) && !isPersistentMemory;
            Line($"scenario \"racing {seed}\"");
            if (features.Length > 0)
                Line($"volume features={features}");
            string device = (_usesSmallUnits ? " unit=512" : "") + (dice.Percent(30) ? " fua=yes" : "");
            Line($"device{(isPersistentMemory ? " memory=persistent" : device)}");
            WriteSetup();
            int threads = dice.Of([1, 1, 2, 2, 2, 3]);
            for (int thread = 0; thread < threads; thread++)
                WriteThread(thread, threads);
            return _text.ToString();
        }

        private void WriteSetup()
        {
            Line("setup");
            Line("  create f /f");
            switch (dice.Below(8))
            {
                case 0 or 1:
                    Line($"  fallocate f at=0 length={dice.Between(1, 4) * Block}");
                    break;
                case 2 or 3:
                    Line($"  write-direct f at=0 length={dice.Between(1, 3) * Block} data=pattern:{_nextPattern++}");
                    break;
                case 4:
                    Line($"  write-direct f at={2 * Block} length={Block} data=pattern:{_nextPattern++}");
                    break;
                case 5:
                    Line($"  fallocate f keep-size at=0 length={dice.Between(1, 4) * Block}");
                    break;
                case 6:
                    for (int extent = 0; extent < 4; extent++)
                        Line($"  fallocate f at={extent * 8 * Block} length={(extent == 0 ? 4 : 1) * Block}");
                    break;
            }

            _hasAppender = dice.Percent(20);
            if (_hasAppender)
                Line("  open a /f options=Append");
            Line("  create other /other");
        }

        private void WriteThread(int thread, int threads)
        {
            Line("thread");
            if (thread == 0 && dice.Percent(25))
                WriteEvent();
            if (thread == 0 || dice.Percent(40))
                WriteWrite();
            int more = threads == 1 ? dice.Between(1, 3) : dice.Between(0, 1);
            if (thread > 0 && more == 0)
                more = 1;
            for (int i = 0; i < more; i++)
                WriteOther();
        }

        private void WriteEvent() => Line(dice.Below(5) switch
        {
            0 => $"  inject full leave={dice.Below(3)}",
            1 => "  inject io-error op=write file=f errno=EIO",
            2 => "  inject privilege-error errno=EIO",
            3 => "  inject conversion-error errno=EIO",
            _ => "  drop-caches",
        });

        private void WriteWrite()
        {
            (int offset, int length) = Range();
            int kind = dice.Below(10);
            if (kind < 5 || (_hasAppender && kind < 7))
            {
                int first = WriteStart(offset, length);
                if (dice.Percent(20))
                {
                    (offset, length) = Range();
                    int second = WriteStart(offset, length);
                    Line($"  wait-direct w{second} f");
                }

                Line($"  wait-direct w{first} f");
            }
            else if (kind < 8)
            {
                Line($"  write-direct f at={offset} length={length} data=pattern:{_nextPattern++}{Sync()}");
            }
            else
            {
                Line($"  write-buffered f at={offset} length={length} data=pattern:{_nextPattern++}");
            }
        }

        private int WriteStart(int offset, int length)
        {
            int io = ++_nextIo;
            string file = _hasAppender && dice.Percent(70) ? "a" : "f";
            Line(
                $"  start-direct w{io} {file} at={offset} length={length} data=pattern:{_nextPattern++}{(dice.Percent(15) ? Sync() : "")}");
            return io;
        }

        private void WriteOther()
        {
            (int offset, int length) = Range();
            switch (dice.Below(14))
            {
                case 0 or 1:
                    Line("  fsync f");
                    break;
                case 2:
                    Line($"  write-buffered other at=0 length={Block} data=pattern:{_nextPattern++}");
                    Line("  fsync other");
                    break;
                case 3 or 4:
                    Line($"  truncate f to={dice.Below(4) * Block}");
                    break;
                case 5 or 6:
                    Line($"  read-buffered f at=0 length={4 * Block}");
                    break;
                case 7:
                    Line($"  read-direct f at=0 length={4 * Block}");
                    break;
                case 8:
                    Line($"  punch f at={offset / Block * Block} length={Block}");
                    break;
                case 9:
                    Line("  close f");
                    Line("  unlink /f");
                    Line("  drop-caches");
                    break;
                case 10:
                    Line("  inject space-back");
                    break;
                case 11:
                    Line($"  fallocate f at={offset / Block * Block} length={Block}");
                    break;
                default:
                    WriteWrite();
                    break;
            }
        }

        private (int Offset, int Length) Range() => _usesSmallUnits && dice.Percent(70) // (2)
            ? (dice.Below(6) * 512, dice.Of([512, 512, 1024]))
            : (dice.Below(4) * Block, dice.Of([1, 1, 2, 3]) * Block);

        private string Sync() => dice.Of(["", "", " sync=dsync", " sync=sync"]);

        private void Line(string line) => _text.Append(line).Append('\n');
    }
}
