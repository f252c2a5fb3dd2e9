namespace Workspaces.Cluster.Naming;

/// <summary>Names under which we own fields (server-side apply).</summary>
public static class FieldManagers
{
    /// <summary>Owner of everything that makes up standalone workspaces, and of the workers' own objects.</summary>
    public const string Provisioner = "workspaces-provisioner";

    /// <summary>Owner of the injectors' own objects (records, leases).</summary>
    public const string Injector = "workspaces-injector";

    /// <summary>Owner of one injected workspace's fields in a workload: ejecting it removes these and nothing else.</summary>
    public static string Injection(string workspaceId) => $"{Injector}.{workspaceId}";
}
