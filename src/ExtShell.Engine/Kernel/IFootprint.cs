namespace ExtShell.Engine.Kernel;

/// <summary>
/// A resource of which there are several: its key tells it from others of its type, in every run alike. Resources that share a key are
/// taken for one, which is safe. A resource without a key is taken for all of its type; a string stands for itself.
/// </summary>
public interface IFootprint
{
    /// <summary>The key.</summary>
    long FootprintKey { get; }
}
