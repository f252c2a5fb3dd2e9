namespace Workspaces.ServiceDefaults.Authentication;

/// <summary>What API keys can be allowed to do.</summary>
public static class Scopes
{
    /// <summary>See one's own workspaces.</summary>
    public const string WorkspacesRead = "workspaces:read";

    /// <summary>Create, start, stop and delete one's own workspaces.</summary>
    public const string WorkspacesWrite = "workspaces:write";

    /// <summary>Act for another user (<c>On-Behalf-Of</c>).</summary>
    public const string WorkspacesActFor = "workspaces:act-for";

    /// <summary>See blueprints.</summary>
    public const string BlueprintsRead = "blueprints:read";

    /// <summary>See users and their keys.</summary>
    public const string UsersRead = "users:read";

    /// <summary>Change users and their keys.</summary>
    public const string UsersWrite = "users:write";

    /// <summary>Read the event log, of everybody.</summary>
    public const string EventsRead = "events:read";

    /// <summary>Have events sent to addresses of one's own; that includes reading the event log, of everybody.</summary>
    public const string SubscriptionsManage = "subscriptions:manage";

    /// <summary>Read the directory (for the Proxy).</summary>
    public const string DirectoryRead = "directory:read";

    /// <summary>Ask about others' tokens (for services).</summary>
    public const string Introspect = "introspect";

    /// <summary>Includes every other scope.</summary>
    public const string Admin = "admin";
}
