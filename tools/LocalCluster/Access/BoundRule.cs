using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Access;

/// <summary>A rule that a binding gives to a caller, or (null) the reason for which a binding gives none. <paramref name="Source"/> names the binding.</summary>
internal sealed record BoundRule(JsonObject? Rule, string Source);
