using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.Quota;

/// <summary>One condition that an object must meet for a quota to count it.</summary>
internal sealed record ScopeRequirement(string Scope, string Operator, IReadOnlyList<string> Values)
{
    /// <summary>The conditions of a quota: all of them must hold.</summary>
    public static IReadOnlyList<ScopeRequirement> Of(JsonObject quota) =>
    [
        .. (quota.At("spec", "scopes") as JsonArray ?? []).Select(s => new ScopeRequirement((string?)s ?? "", "Exists", [])),
        .. quota.Objects("spec", "scopeSelector", "matchExpressions").Select(e => new ScopeRequirement(
            e.Text("scopeName") ?? "", e.Text("operator") ?? "", [.. (e["values"] as JsonArray ?? []).Select(v => (string?)v ?? "")])),
    ];

    /// <summary>Whether a value that may be missing meets the operator.</summary>
    public bool Holds(string? value) => Operator switch
    {
        "In" => value is not null && Values.Contains(value),
        "NotIn" => value is null || !Values.Contains(value),
        "Exists" => value is not null,
        "DoesNotExist" => value is null,
        _ => false,
    };
}
