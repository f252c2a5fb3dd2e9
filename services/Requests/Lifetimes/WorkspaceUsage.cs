namespace Workspaces.Requests.Lifetimes;

/// <summary>When a workspace was last used. Beside the stream and not in it: it changes each minute and tells no story.</summary>
/// <param name="Id">Id of the workspace.</param>
/// <param name="LastUsedAt">Last time with an open session, or of the last traffic.</param>
public sealed record WorkspaceUsage(string Id, DateTimeOffset LastUsedAt);
