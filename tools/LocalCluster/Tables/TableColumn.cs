using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Tables;

/// <summary>One column that kubectl prints: its heading, whether only <c>-o wide</c> shows it, and how to fill it.</summary>
internal sealed record TableColumn(string Name, Func<JsonObject, JsonNode?> Value, bool Wide = false, string Type = "string");
