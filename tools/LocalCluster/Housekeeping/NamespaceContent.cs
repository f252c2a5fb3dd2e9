using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Operations;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Housekeeping;

/// <summary>Puts into each namespace what pods in it take for granted: the service account <c>default</c> and the cluster's root certificate.</summary>
internal sealed class NamespaceContent(ObjectStore store, ObjectWriter writer, CertificateAuthority authority, ILogger<NamespaceContent> log) : Housekeeper(store, log)
{
    public const string RootCertificate = "kube-root-ca.crt";

    private static readonly WriteOptions Options = new(Caller.System, "kube-controller-manager");

    protected override void Start()
    {
        foreach (var ns in Store.List(ResourceTypes.Namespaces).Where(n => !n.IsDeleted).ToList())
        {
            Fill(ns.Name);
        }
    }

    protected override void React(StoredChange change)
    {
        if (change.Current.Type == ResourceTypes.Namespaces && change.Type == WatchEvent.Added)
        {
            Fill(change.Current.Name);
        }
        else if (change.Type == WatchEvent.Deleted && change.Current is { Namespace: { } ns, Name: "default" or RootCertificate }
            && Store.Get(ResourceTypes.Namespaces, null, ns) is { IsDeleted: false })
        {
            Fill(ns);
        }
    }

    private void Fill(string ns)
    {
        lock (Store.Gate)
        {
            if (Store.Get(ResourceTypes.ServiceAccounts, ns, "default") is null)
            {
                writer.Create(ResourceTypes.ServiceAccounts, ns, Named("default"), Options);
            }

            if (Store.Get(ResourceTypes.ConfigMaps, ns, RootCertificate) is null)
            {
                var map = Named(RootCertificate);
                map["data"] = new JsonObject { ["ca.crt"] = authority.RootPem };
                map["metadata"]!["annotations"] = new JsonObject
                {
                    ["kubernetes.io/description"] = "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints.",
                };
                writer.Create(ResourceTypes.ConfigMaps, ns, map, Options);
            }
        }
    }

    private static JsonObject Named(string name) => new() { ["metadata"] = new JsonObject { ["name"] = name } };
}
