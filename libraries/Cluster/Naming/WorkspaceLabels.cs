namespace Workspaces.Cluster.Naming;

/// <summary>Labels on every object of our own. Values are DNS labels, so they are valid label values as they are.</summary>
public static class WorkspaceLabels
{
    /// <summary>Prefix of all our labels and annotations.</summary>
    public const string Prefix = "workspaces.dev/";

    /// <summary>Workspace id.</summary>
    public const string Workspace = Prefix + "workspace";

    /// <summary>Workspace name; with owner and storage it finds a retained claim again.</summary>
    public const string Name = Prefix + "name";

    /// <summary>Name of the owner.</summary>
    public const string Owner = Prefix + "owner";

    /// <summary>Name of the blueprint.</summary>
    public const string Blueprint = Prefix + "blueprint";

    /// <summary><c>standalone</c> or <c>injection</c>.</summary>
    public const string Model = Prefix + "model";

    /// <summary>On claims: name of the storage in the blueprint.</summary>
    public const string Storage = Prefix + "storage";

    /// <summary>On claims: <c>true</c> where the claim outlives its workspace. The label decides, not today's blueprint.</summary>
    public const string Retain = Prefix + "retain";

    /// <summary>On the ConfigMaps that are workers' records: <c>true</c>.</summary>
    public const string Record = Prefix + "record";

    /// <summary>On namespaces: <c>enabled</c> where workloads may be injected into.</summary>
    public const string Injection = Prefix + "injection";

    /// <summary>On pods of workloads that carry at least one workspace: <c>true</c>.</summary>
    public const string Injected = Prefix + "injected";

    /// <summary>End of the keys of labels that mark instances of injected workspaces.</summary>
    public const string InstanceSuffix = ".workspaces.dev/instance";

    /// <summary>Key of the label that marks an instance of one injected workspace; the id is in the key, because a pod may carry several.</summary>
    public static string InstanceKey(string workspaceId) => workspaceId + InstanceSuffix;
}
