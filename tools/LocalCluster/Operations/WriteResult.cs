using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Operations;

/// <summary>The object as written (or as it would be, for a dry run), and whether it is new.</summary>
public sealed record WriteResult(JsonObject Object, bool Created);
