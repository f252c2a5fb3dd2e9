using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Serving;

/// <summary>Answers what this server is and what it has: health, version, groups, resources. All of it from the registry.</summary>
internal static class DiscoveryHandler
{
    private const string AggregatedVersion = "v2";

    /// <summary>Kubernetes' version that this cluster behaves as.</summary>
    private static readonly JsonObject Version = new()
    {
        ["major"] = "1",
        ["minor"] = "36",
        ["gitVersion"] = "v1.36.0+localcluster",
        ["gitCommit"] = "localcluster",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "2026-01-01T00:00:00Z",
        ["goVersion"] = "none",
        ["compiler"] = "dotnet",
        ["platform"] = $"linux/{(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64")}",
    };

    private static readonly IReadOnlyList<string> Groups = [.. ResourceTypes.All.Select(t => t.Group).Where(g => g.Length > 0).Distinct()];

    /// <summary>Paths that need no credentials.</summary>
    public static Task OpenAsync(HttpContext http, string path)
    {
        if (path == "/version")
        {
            return Responses.WriteAsync(http, 200, Version.DeepClone().AsObject());
        }

        http.Response.ContentType = "text/plain; charset=utf-8";
        var check = path.Trim('/').Split('/')[0];
        return http.Response.WriteAsync(http.Request.Query.ContainsKey("verbose") ? $"[+]ping ok\n{check} check passed\n" : "ok");
    }

    public static Task HandleAsync(HttpContext http, string path)
    {
        if (http.Request.Method is not ("GET" or "HEAD"))
        {
            throw ApiErrors.NoSuchPath();
        }

        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var aggregated = http.Request.Headers.Accept.ToString().Contains("as=APIGroupDiscoveryList", StringComparison.Ordinal)
            && http.Request.Headers.Accept.ToString().Contains($"v={AggregatedVersion};", StringComparison.Ordinal);
        return parts switch
        {
            [] => Responses.WriteAsync(http, 200, new JsonObject { ["paths"] = new JsonArray("/api", "/api/v1", "/apis", "/healthz", "/livez", "/openapi/v3", "/readyz", "/version") }),
            ["api"] when aggregated => Aggregated(http, [""]),
            ["apis"] when aggregated => Aggregated(http, Groups),
            ["api"] => Responses.WriteAsync(http, 200, new JsonObject
            {
                ["kind"] = "APIVersions",
                ["versions"] = new JsonArray("v1"),
                ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = http.Request.Host.Value }),
            }),
            ["apis"] => Responses.WriteAsync(http, 200, new JsonObject
            {
                ["kind"] = "APIGroupList",
                ["apiVersion"] = "v1",
                ["groups"] = new JsonArray([.. Groups.Select(g => (JsonNode)Group(g, nested: true))]),
            }),
            ["apis", var group] when Groups.Contains(group) => Responses.WriteAsync(http, 200, Group(group, nested: false)),
            ["api", "v1"] => Responses.WriteAsync(http, 200, Resources("", "v1")),
            ["apis", var group, "v1"] when Groups.Contains(group) => Responses.WriteAsync(http, 200, Resources(group, $"{group}/v1")),
            ["openapi", "v3", ..] => OpenApiWriter.HandleAsync(http, parts),
            _ => throw ApiErrors.NoSuchPath(),
        };
    }

    private static Task Aggregated(HttpContext http, IEnumerable<string> groups) => Responses.WriteAsync(
        http, 200,
        new JsonObject
        {
            ["kind"] = "APIGroupDiscoveryList",
            ["apiVersion"] = $"apidiscovery.k8s.io/{AggregatedVersion}",
            ["metadata"] = new JsonObject(),
            ["items"] = new JsonArray([.. groups.Select(g => (JsonNode)new JsonObject
            {
                ["metadata"] = g.Length == 0 ? new JsonObject() : new JsonObject { ["name"] = g },
                ["versions"] = new JsonArray(new JsonObject
                {
                    ["version"] = "v1",
                    ["freshness"] = "Current",
                    ["resources"] = new JsonArray([.. ResourceTypes.All.Where(t => t.Group == g).Select(AggregatedResource)]),
                }),
            })]),
        },
        $"application/json;g=apidiscovery.k8s.io;v={AggregatedVersion};as=APIGroupDiscoveryList");

    private static JsonNode AggregatedResource(ResourceType type)
    {
        var result = new JsonObject
        {
            ["resource"] = type.Plural,
            ["responseKind"] = Kind(type.Group, type.Version, type.Kind),
            ["scope"] = type.Namespaced ? "Namespaced" : "Cluster",
            ["singularResource"] = type.Singular,
            ["verbs"] = Strings(type.Verbs),
        };
        AddNames(result, type);
        if (type.Subresources.Count > 0)
        {
            result["subresources"] = new JsonArray([.. type.Subresources.Order(StringComparer.Ordinal).Select(s =>
            {
                var sub = SubresourceCatalog.Of(type, s);
                return (JsonNode)new JsonObject
                {
                    ["subresource"] = s,
                    ["responseKind"] = Kind(sub.Group, sub.Version, sub.Kind),
                    ["verbs"] = Strings(sub.Verbs),
                };
            })]);
        }

        return result;
    }

    private static JsonObject Resources(string group, string groupVersion)
    {
        var resources = new JsonArray();
        foreach (var type in ResourceTypes.All.Where(t => t.Group == group))
        {
            var row = new JsonObject
            {
                ["name"] = type.Plural,
                ["singularName"] = type.Singular,
                ["namespaced"] = type.Namespaced,
                ["kind"] = type.Kind,
                ["verbs"] = Strings(type.Verbs),
            };
            AddNames(row, type);
            resources.Add(row);
            foreach (var name in type.Subresources.Order(StringComparer.Ordinal))
            {
                var sub = SubresourceCatalog.Of(type, name);
                var subRow = new JsonObject
                {
                    ["name"] = $"{type.Plural}/{name}",
                    ["singularName"] = "",
                    ["namespaced"] = type.Namespaced,
                    ["kind"] = sub.Kind,
                    ["verbs"] = Strings(sub.Verbs),
                };
                if (sub.Group != type.Group || sub.Version != type.Version)
                {
                    subRow["group"] = sub.Group;
                    subRow["version"] = sub.Version;
                }

                resources.Add(subRow);
            }
        }

        return new JsonObject { ["kind"] = "APIResourceList", ["apiVersion"] = "v1", ["groupVersion"] = groupVersion, ["resources"] = resources };
    }

    private static JsonObject Group(string group, bool nested)
    {
        var version = new JsonObject { ["groupVersion"] = $"{group}/v1", ["version"] = "v1" };
        var result = new JsonObject { ["name"] = group, ["versions"] = new JsonArray(version), ["preferredVersion"] = version.DeepClone() };
        if (!nested)
        {
            result.Insert(0, "apiVersion", "v1");
            result.Insert(0, "kind", "APIGroup");
        }

        return result;
    }

    private static void AddNames(JsonObject row, ResourceType type)
    {
        if (type.ShortNames.Count > 0)
        {
            row["shortNames"] = Strings(type.ShortNames);
        }

        if (type.Categories.Count > 0)
        {
            row["categories"] = Strings(type.Categories);
        }
    }

    private static JsonObject Kind(string group, string version, string kind) => new() { ["group"] = group, ["kind"] = kind, ["version"] = version };

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode)v)]);
}
