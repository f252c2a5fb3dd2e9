using System.Text.Json.Serialization;

namespace Workspaces.Contracts.Blueprints;

/// <summary>Where the bytes of a volume live.</summary>
public enum BlueprintStorageType
{
    /// <summary>A claim of the workspace's own, kept across stop and start.</summary>
    [JsonStringEnumMemberName("volume")]
    Volume,

    /// <summary>An existing claim.</summary>
    [JsonStringEnumMemberName("claim")]
    Claim,

    /// <summary>On the node's disk, gone with the pod.</summary>
    [JsonStringEnumMemberName("emptyDir")]
    EmptyDir,

    /// <summary>In the node's memory, gone with the pod.</summary>
    [JsonStringEnumMemberName("memory")]
    Memory,
}

/// <summary>Isolation of a standalone workspace; the Proxy's way in always stays open.</summary>
public enum BlueprintNetworkClass
{
    /// <summary>Everything out, everything in.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>Out only where <c>egress</c> says so, nothing in.</summary>
    [JsonStringEnumMemberName("isolated")]
    Isolated,

    /// <summary>Like isolated, and to and from workspaces of the same owner.</summary>
    [JsonStringEnumMemberName("owner")]
    Owner,

    /// <summary>Like isolated, and to and from workspaces of the same blueprint.</summary>
    [JsonStringEnumMemberName("blueprint")]
    Blueprint,

    /// <summary>No policy of ours: the namespace's own policies govern.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}
