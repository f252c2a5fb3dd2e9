using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Housekeeping;
using Workspaces.LocalCluster.Operations;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Hosting;

/// <summary>Makes what every cluster has from the start, where it is missing.</summary>
internal sealed class FirstObjects(ObjectStore store, ObjectWriter writer, AggregatedRoles roles) : IHostedService
{
    private static readonly WriteOptions Options = new(Caller.System, "kube-apiserver");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var name in new[] { "default", "kube-system", "kube-public", "kube-node-lease" })
        {
            Create(ResourceTypes.Namespaces, null, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
        }

        Create(ResourceTypes.Services, "default", new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = "kubernetes",
                ["labels"] = new JsonObject { ["component"] = "apiserver", ["provider"] = "kubernetes" },
            },
            ["spec"] = new JsonObject
            {
                ["clusterIP"] = Kinds.ServiceAddresses.Kubernetes,
                ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = 443, ["targetPort"] = 6443, ["protocol"] = "TCP" }),
            },
        });
        foreach (var role in DefaultRoles.ClusterRoles())
        {
            Create(ResourceTypes.ClusterRoles, null, role);
        }

        foreach (var binding in DefaultRoles.ClusterRoleBindings())
        {
            Create(ResourceTypes.ClusterRoleBindings, null, binding);
        }

        roles.Refresh();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Create(ResourceType type, string? ns, JsonObject obj)
    {
        if (store.Get(type, ns, obj.Text("metadata", "name")!) is null)
        {
            writer.Create(type, ns, obj, Options);
        }
    }
}
