using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Serving;

/// <summary>
/// A request for resources, taken apart: which type, where, which object, which part of it, and what to do. Paths are those of
/// https://kubernetes.io/docs/reference/using-api/api-concepts.
/// </summary>
internal sealed record ApiRequest(HttpContext Http, ResourceType Type, string? Namespace, string? Name, string? Subresource, string? Rest, string Verb)
{
    public IQueryCollection Query => Http.Request.Query;

    public string? Parameter(string name) => Query.TryGetValue(name, out var values) ? values.ToString() : null;

    public bool Flag(string name) => Parameter(name) is "true" or "1" or "True" or "";

    public long? Number(string name)
    {
        var text = Parameter(name);
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        return long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ApiErrors.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
    }

    /// <summary>What RBAC is asked.</summary>
    public AccessAttributes Access => new(Verb, Type.Group, Type.Plural, Subresource ?? "", Namespace ?? "", Name ?? "", Http.Request.Path);

    /// <summary>The request that a path means, or null where it names no resource of ours.</summary>
    public static ApiRequest? Parse(HttpContext http)
    {
        var parts = http.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        int next;
        string group, version;
        if (parts is ["api", var coreVersion, _, ..])
        {
            (group, version, next) = ("", coreVersion, 2);
        }
        else if (parts is ["apis", var namedGroup, var namedVersion, _, ..])
        {
            (group, version, next) = (namedGroup, namedVersion, 3);
        }
        else
        {
            return null;
        }

        // The old form .../watch/... of a watch.
        var oldWatch = parts[next] == "watch" && parts.Length > next + 1;
        if (oldWatch)
        {
            next++;
        }

        string? ns = null;
        if (parts[next] == "namespaces" && parts.Length > next + 2 && ResourceTypes.Find(group, version, parts[next + 2]) is not null)
        {
            (ns, next) = (parts[next + 1], next + 2);
        }

        var type = ResourceTypes.Find(group, version, parts[next]);
        if (type is null)
        {
            return null;
        }

        var name = parts.Length > next + 1 ? parts[next + 1] : null;
        var subresource = parts.Length > next + 2 ? parts[next + 2] : null;
        var rest = parts.Length > next + 3 ? string.Join('/', parts[(next + 3)..]) : null;
        if (ns is not null && !type.Namespaced)
        {
            return null;
        }

        return new ApiRequest(http, type, ns, name, subresource, rest, VerbOf(http, name is not null, oldWatch));
    }

    private static string VerbOf(HttpContext http, bool named, bool oldWatch) => http.Request.Method switch
    {
        "GET" or "HEAD" when oldWatch || (!named && http.Request.Query["watch"].ToString() is "true" or "1") => "watch",
        "GET" or "HEAD" => named ? "get" : "list",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => named ? "delete" : "deletecollection",
        var other => other.ToLowerInvariant(),
    };
}
