// The picture of an extent map: extshell --svg examples/pictures/extents.svg examples/pictures/extents.csx

Volume volume = NewVolume("16MiB");
FileHandle file = volume.Create("/database");
file.WriteDirect(0, Fill('h', 24 * 4096));                              // a header, written
file.Fallocate(24 * 4096L, 72 * 4096);                                  // preallocated: reads as zeroes, needs no allocation later
file.WriteDirect(40 * 4096L, Fill('r', 16 * 4096));                     // records, converted when their data had arrived
file.WriteDirect(120 * 4096L, Fill('i', 36 * 4096));                    // an index behind a hole
file.Fallocate(156 * 4096L, 28 * 4096, keepSize: true);                 // reserved past the end of the file
file.Sync();
Print(file);
return file;
