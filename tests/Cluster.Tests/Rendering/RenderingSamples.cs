using System.Text.Json.Nodes;
using Workspaces.Cluster.Rendering;
using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;

namespace Workspaces.Cluster.Tests.Rendering;

internal static class RenderingSamples
{
    public static RenderOptions Options { get; } = new() { UserCaPublicKey = "ssh-ed25519 AAAAca user-ca" };

    public static WorkspaceInput Of(Blueprint blueprint) => new()
    {
        WorkspaceId = "k7f3q2m",
        Generation = 1,
        Name = "alice-dev",
        Owner = new WorkspaceOwner { Name = "alice", Uid = 1042, Gid = 1043, Email = "alice@example.com" },
        Blueprint = blueprint,
        HostKey = "ssh-ed25519 AAAAhost",
        Namespace = "workspaces",
        Claims = new Dictionary<string, string> { ["home"] = "ws-k7f3q2m-home" },
    };

    public static Blueprint Minimal { get; } = new() { Name = "base", Image = "workspaces/workspace" };

    /// <summary>Every part of a blueprint that standalone workspaces take.</summary>
    public static Blueprint Everything { get; } = new()
    {
        Name = "dev",
        Image = "registry.example.com/dev:24.04",
        ImagePullPolicy = "IfNotPresent",
        ImagePullSecrets = ["registry"],
        Banner = "Welcome alice.\n",
        Env = new Dictionary<string, string> { ["EDITOR"] = "vim", ["COST"] = "$(notavariable)" },
        User = new BlueprintUser { Name = "dev", Uid = 1000, Gid = 1001, Shell = "/bin/zsh", Sudo = true },
        Resources = new BlueprintResources
        {
            Requests = new Dictionary<string, string> { ["memory"] = "256Mi", ["cpu"] = "250m" },
            Limits = new Dictionary<string, string> { ["memory"] = "4Gi" },
        },
        SecurityContext = JsonNode.Parse("""{"capabilities":{"add":["SYS_PTRACE"]},"appArmorProfile":{"type":"Unconfined"}}""")!.AsObject(),
        Storage = new Dictionary<string, BlueprintStorage>
        {
            ["home"] = new() { Type = BlueprintStorageType.Volume, Path = "/home/dev", Size = "10Gi", StorageClass = "fast", Retain = true },
            ["dataset"] = new() { Type = BlueprintStorageType.Claim, Path = "/data", Claim = "team-dataset", ReadOnly = true },
            ["scratch"] = new() { Type = BlueprintStorageType.EmptyDir, Path = "/scratch", SizeLimit = "10Gi" },
            ["ram"] = new() { Type = BlueprintStorageType.Memory, Path = "/ram", SizeLimit = "1Gi" },
        },
        Files = new Dictionary<string, BlueprintFile>
        {
            ["/etc/profile.d/team.sh"] = new() { Content = "export TEAM=payments\n", Mode = "0644" },
            ["/home/dev/.vimrc"] = new() { Content = "set number\n", Mode = "0600" },
        },
        Secrets = new Dictionary<string, BlueprintSecret>
        {
            ["npm"] = new() { Secret = "npm-token", Path = "/run/secrets/npm" },
            ["cloud"] = new() { Secret = "cloud-credentials" },
        },
        Network = new BlueprintNetwork
        {
            Class = BlueprintNetworkClass.Owner,
            Egress = new BlueprintEgress { Cidrs = ["10.96.0.0/12"], Pods = [new Dictionary<string, string> { ["app"] = "prometheus" }] },
        },
        Scheduling = new BlueprintScheduling
        {
            NodeSelector = new Dictionary<string, string> { ["disk"] = "ssd" },
            Tolerations = JsonNode.Parse("""[{"key":"dev","operator":"Exists"}]""")!.AsArray(),
            PriorityClassName = "low",
        },
    };

    /// <summary>Fits the Pod Security level <c>restricted</c>.</summary>
    public static Blueprint Restricted { get; } = new()
    {
        Name = "restricted",
        Image = "workspaces/workspace",
        User = new BlueprintUser { Uid = 1000 },
        SecurityContext = JsonNode.Parse("""{"runAsNonRoot":true,"readOnlyRootFilesystem":true}""")!.AsObject(),
        Network = new BlueprintNetwork { Class = BlueprintNetworkClass.None },
    };
}
