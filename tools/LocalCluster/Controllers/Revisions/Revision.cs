using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Controllers.Revisions;

/// <summary>One stored state of a workload's pod template.</summary>
internal sealed record Revision(string Name, long Number, string Hash, JsonObject Template);
