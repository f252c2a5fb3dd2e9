using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Api;

/// <summary>One change of one object. <see cref="Type"/> is ADDED, MODIFIED or DELETED; of a deleted object this is its last state.</summary>
public sealed record WatchEvent(string Type, JsonObject Object, long ResourceVersion)
{
    public const string Added = "ADDED";
    public const string Modified = "MODIFIED";
    public const string Deleted = "DELETED";
}
