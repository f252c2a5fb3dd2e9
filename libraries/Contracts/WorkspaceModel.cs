using System.Text.Json.Serialization;

namespace Workspaces.Contracts;

/// <summary>How a workspace runs on Kubernetes.</summary>
public enum WorkspaceModel
{
    /// <summary>A dedicated pod made entirely from the blueprint.</summary>
    [JsonStringEnumMemberName("standalone")]
    Standalone,

    /// <summary>A workspace container inside the pods of an existing workload.</summary>
    [JsonStringEnumMemberName("injection")]
    Injection,
}
