using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>ReplicaSets.</summary>
internal sealed class ReplicaSetRules : WorkloadRules
{
    protected override void DefaultWorkload(JsonObject spec) => spec.SetDefault("replicas", 1L);

    protected override void ValidateFirst(JsonObject spec, List<FieldError> errors)
    {
        base.ValidateFirst(spec, errors);
        Checks.NotNegative(spec, "minReadySeconds", "spec", errors);
    }
}
