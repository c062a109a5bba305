using ExtShell.Engine.Caching;

namespace ExtShell.Engine.IO;

/// <summary>What stands behind a page of a mapping: a page of the cache, or the device's memory.</summary>
/// <param name="Cached">The cached page, or null.</param>
/// <param name="Memory">The page of the device's memory, or null.</param>
public readonly record struct MappedPlace(Page? Cached, MemoryPage? Memory);
