using System.Text.Json.Serialization;

namespace Workspaces.Contracts;

/// <summary>How a workspace container gets into the pods of a workload.</summary>
public enum InjectionMode
{
    /// <summary>Part of the pod template: scales with the workload, pods are replaced once.</summary>
    [JsonStringEnumMemberName("rollout")]
    Rollout,

    /// <summary>Ephemeral containers in running pods: no restart; new replicas get theirs as they appear.</summary>
    [JsonStringEnumMemberName("live")]
    Live,
}
