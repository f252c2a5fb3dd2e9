namespace Workspaces.Cluster.Naming;

/// <summary>Names of the objects, containers and volumes that the suite makes in a cluster.</summary>
public static class ObjectNames
{
    /// <summary>Name of the workspace container in a standalone pod.</summary>
    public const string WorkspaceContainer = "workspace";

    /// <summary>Name of the init container that copies the toolkit, and of the emptyDir it copies to.</summary>
    public const string Toolkit = "workspace-toolkit";

    /// <summary>Volume with the public part of the configuration.</summary>
    public const string ConfigVolume = "workspace-config";

    /// <summary>Volume with the host key.</summary>
    public const string SecretVolume = "workspace-secret";

    /// <summary>Volume with the blueprint's files.</summary>
    public const string FilesVolume = "workspace-files";

    /// <summary>Key of the host key in the workspace's Secret.</summary>
    public const string HostKeyEntry = "ssh_host_ed25519_key";

    /// <summary>Key of the user CA in the workspace's ConfigMap.</summary>
    public const string UserCaEntry = "user_ca.pub";

    /// <summary>Key of the login banner in the workspace's ConfigMap.</summary>
    public const string BannerEntry = "banner";

    /// <summary>Every object of a standalone workspace, and every record, has this name: <c>ws-&lt;id&gt;</c>.</summary>
    public static string For(string workspaceId) => $"ws-{workspaceId}";

    /// <summary>Name of the lease of a worker, in the system namespace.</summary>
    public static string Lease(string service) => $"workspaces-{service}";

    /// <summary>Name of a claim of the workspace's own.</summary>
    public static string Claim(string workspaceId, string storage) => $"ws-{workspaceId}-{storage}";

    /// <summary>Name of a volume for a storage of the blueprint; the prefix keeps it apart from the suite's own volumes.</summary>
    public static string StorageVolume(string storage) => $"storage-{storage}";

    /// <summary>Name of a volume for a Secret of the blueprint.</summary>
    public static string SecretMount(string secret) => $"secret-{secret}";

    /// <summary>Name of the container of an injected workspace; a pod may carry several.</summary>
    public static string InjectedContainer(string workspaceId) => $"{WorkspaceContainer}-{workspaceId}";

    /// <summary>Name of the init container of an injected workspace.</summary>
    public static string InjectedToolkit(string workspaceId) => $"{Toolkit}-{workspaceId}";

    /// <summary>Name of a volume of an injected workspace, from the name that it has in a standalone pod.</summary>
    public static string InjectedVolume(string workspaceId, string volume) =>
        $"ws-{workspaceId}-{(volume.StartsWith("workspace-", StringComparison.Ordinal) ? volume["workspace-".Length..] : volume)}";

    /// <summary>Login principal: a certificate opens exactly the workspace it names.</summary>
    public static string Principal(string workspaceId) => For(workspaceId);
}
