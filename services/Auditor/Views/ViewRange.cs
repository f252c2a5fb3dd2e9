namespace Workspaces.Auditor.Views;

/// <summary>Which part of a view somebody wants.</summary>
/// <param name="Since">Happened at this time or later.</param>
/// <param name="Until">Happened before this time.</param>
/// <param name="After">Cursor: the <c>next</c> of the page before.</param>
/// <param name="Limit">Rows of a page.</param>
internal sealed record ViewRange(DateTimeOffset? Since, DateTimeOffset? Until, long After, int Limit);
