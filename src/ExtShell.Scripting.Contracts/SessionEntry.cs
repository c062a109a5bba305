namespace ExtShell.Scripting.Contracts;

/// <summary>A submission that becomes part of a script.</summary>
/// <param name="Code">The submission.</param>
/// <param name="Form">
/// What becomes of its last expression, <c>{0}</c>, where that lacks its semicolon: such as <c>Print({0});</c>; <c>{0};</c> for a call
/// without a value.
/// </param>
public readonly record struct SessionEntry(string Code, string Form);
