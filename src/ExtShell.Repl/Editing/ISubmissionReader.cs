namespace ExtShell.Repl.Editing;

/// <summary>Where submissions come from: a terminal with an editor, or lines of a pipe or a file.</summary>
internal interface ISubmissionReader
{
    /// <summary>The next submission, whole; null when there are no more.</summary>
    /// <param name="title">What the prompt says of where the user is; may be empty.</param>
    string? Read(string title);
}
