namespace Workspaces.LocalCluster;

/// <summary>
/// A person who uses the cluster: the name and groups that their client certificate carries. What they may do, RBAC says: at first only to ask
/// what they may do.
/// </summary>
public sealed record ClusterUser(string Name, IReadOnlyList<string> Groups)
{
    /// <summary>Where their kubeconfig is written: beside the administrator's, with their name appended.</summary>
    public string KubeconfigFile(string administrators) => $"{administrators}.{Name}";
}
