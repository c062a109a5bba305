namespace ExtShell.Engine.Devices;

/// <summary>Is told that a bio ended, in interrupt context: may enqueue, wake and count, nothing else.</summary>
public interface IBioEnd
{
    /// <summary>The bio has ended; its <see cref="Bio.Error"/> says how.</summary>
    void EndIo(Bio bio);
}
