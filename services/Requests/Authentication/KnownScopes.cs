using Workspaces.ServiceDefaults.Authentication;

namespace Workspaces.Requests.Authentication;

/// <summary>Every scope that a key can have; a misspelt one would be a key that cannot do what it should.</summary>
public static class KnownScopes
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Scopes.WorkspacesRead, Scopes.WorkspacesWrite, Scopes.WorkspacesActFor, Scopes.BlueprintsRead, Scopes.UsersRead, Scopes.UsersWrite,
        Scopes.EventsRead, Scopes.SubscriptionsManage, Scopes.DirectoryRead, Scopes.Introspect, Scopes.Admin,
    ];
}
