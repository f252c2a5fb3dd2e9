using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>
/// Who wrote fields, and how: one entry of managedFields is of one of these. Of an applier <see cref="ApiVersion"/> is empty: whichever
/// version it applies, it is the same.
/// </summary>
internal sealed record Manager(string Name, string Operation, string ApiVersion, string Subresource)
{
    public const string Apply = "Apply";
    public const string Update = "Update";

    public bool Applied => Operation == Apply;

    /// <summary>The text by which the API server sorts managers in messages and where times are equal.</summary>
    public string Id { get; } = new JsonObject([.. new (string Key, string Value)[]
        {
            ("manager", Name), ("operation", Operation), ("apiVersion", ApiVersion), ("subresource", Subresource),
        }.Where(p => p.Value.Length > 0).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))]).ToJsonString(ApiJson.Options);

    public static Manager Of(string name, string operation, string apiVersion, string subresource) =>
        new(name.Length == 0 ? "unknown" : name, operation, operation == Apply ? "" : apiVersion, subresource);
}
