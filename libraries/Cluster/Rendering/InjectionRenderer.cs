using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.Cluster.Naming;
using Workspaces.Contracts;

namespace Workspaces.Cluster.Rendering;

/// <summary>
/// Renders what an injected workspace adds to a workload, and what lies beside it. Pure. The patch has exactly the fields that are
/// ours: applied without force it takes nothing from anybody, and applying <see cref="Eject"/> takes exactly it away again.
/// </summary>
public static class InjectionRenderer
{
    /// <summary>Where the API server mounts the token of the pod's service account.</summary>
    private const string TokenPath = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>An empty folder in its place: the service's rights are not the person's.</summary>
    private const string TokenMask = "workspace-no-token";

    /// <summary>The server-side apply of the workload.</summary>
    public static JsonObject Inject(InjectionInput input, RenderOptions options)
    {
        var id = input.Workspace.WorkspaceId;
        var blueprint = input.Workspace.Blueprint;
        var files = WorkspaceFiles.Of(input.Workspace);
        var spec = new JsonObject();
        if (input.SharesProcesses)
        {
            spec["shareProcessNamespace"] = true;
        }

        spec["initContainers"] = new JsonArray { ToolkitContainer(input, options) };
        spec["containers"] = new JsonArray { WorkspaceContainer(input, files) };
        var mask = new JsonObject { ["name"] = TokenMask, ["emptyDir"] = new JsonObject() };
        spec["volumes"] = new JsonArray([.. ContainerRenderer.Volumes(input.Workspace, files).Append(mask).Select(volume => Volume(id, volume))]);
        if (blueprint.ImagePullSecrets is { Count: > 0 } secrets)
        {
            spec["imagePullSecrets"] = new JsonArray([.. secrets.Select(name => new JsonObject { ["name"] = name })]);
        }

        var patch = Workload(input.Target, input.Workspace.Namespace);
        patch["metadata"]!["annotations"] = new JsonObject { [WorkspaceAnnotations.PortPrefix + Number(input.SshPort)] = id };
        patch["spec"] = new JsonObject
        {
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = Labels(id), ["annotations"] = Annotations(input) },
                ["spec"] = spec,
            },
        };
        return patch;
    }

    /// <summary>The server-side apply, with the same manager, after which the workload is as if nothing had been.</summary>
    public static JsonObject Eject(WorkloadReference target, string ns) => Workload(target, ns);

    /// <summary>
    /// The strategic merge patch that removes what <see cref="Inject"/> adds where somebody else owns it now (a rollback to an injected
    /// revision): elements by their names, which nobody else has.
    /// https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/
    /// </summary>
    /// <param name="workspaceId">Workspace id.</param>
    /// <param name="uid">Uid of the workload.</param>
    /// <param name="volumes">Names of its volumes that are this workspace's.</param>
    /// <param name="port">Port that is reserved for it; 0: none.</param>
    /// <param name="isLast">Whether no other workspace is left in it.</param>
    public static JsonObject Remove(string workspaceId, string uid, IEnumerable<string> volumes, int port, bool isLast)
    {
        var labels = new JsonObject { [WorkspaceLabels.InstanceKey(workspaceId)] = null };
        if (isLast)
        {
            labels[WorkspaceLabels.Injected] = null;
        }

        var metadata = new JsonObject { ["uid"] = uid };
        if (port != 0)
        {
            metadata["annotations"] = new JsonObject { [WorkspaceAnnotations.PortPrefix + Number(port)] = null };
        }

        return new JsonObject
        {
            ["metadata"] = metadata,
            ["spec"] = new JsonObject
            {
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject
                    {
                        ["labels"] = labels,
                        ["annotations"] = new JsonObject
                        {
                            [WorkspaceAnnotations.InPod(workspaceId, WorkspaceAnnotations.SshPort)] = null,
                            [WorkspaceAnnotations.InPod(workspaceId, WorkspaceAnnotations.HostKey)] = null,
                            [WorkspaceAnnotations.InPod(workspaceId, WorkspaceAnnotations.Record)] = null,
                        },
                    },
                    ["spec"] = new JsonObject
                    {
                        ["initContainers"] = new JsonArray { Deleted(ObjectNames.InjectedToolkit(workspaceId)) },
                        ["containers"] = new JsonArray { Deleted(ObjectNames.InjectedContainer(workspaceId)) },
                        ["volumes"] = new JsonArray([.. volumes.Select(Deleted)]),
                    },
                },
            },
        };
    }

    /// <summary>The ConfigMap beside the workload.</summary>
    public static JsonObject ConfigMap(WorkspaceInput input, RenderOptions options) =>
        ConfigMapRenderer.Render(input, options, WorkspaceFiles.Of(input));

    private static JsonObject Workload(WorkloadReference target, string ns) => new()
    {
        ["apiVersion"] = "apps/v1",
        ["kind"] = target.Kind,
        ["metadata"] = new JsonObject
        {
            ["name"] = target.Name,
            ["namespace"] = ns,
            ["uid"] = target.Uid,
        },
    };

    private static JsonObject ToolkitContainer(InjectionInput input, RenderOptions options)
    {
        var user = LoginUser.Of(input.Workspace.Owner, input.Workspace.Blueprint.User);
        var container = ContainerRenderer.Toolkit(
            ObjectNames.InjectedToolkit(input.Workspace.WorkspaceId), options, SecurityContexts.OfInjectedToolkit(user, input.Unprivileged));
        return Finished(container, input);
    }

    /// <summary>No ports are declared: a Service that names a port could find ours by its name.</summary>
    private static JsonObject WorkspaceContainer(InjectionInput input, WorkspaceFiles files)
    {
        var blueprint = input.Workspace.Blueprint;
        var user = LoginUser.Of(input.Workspace.Owner, blueprint.User);
        var container = ContainerRenderer.Workspace(
            ObjectNames.InjectedContainer(input.Workspace.WorkspaceId), input.Workspace, files, user, input.SshPort,
            SecurityContexts.OfInjected(blueprint, user, input.Unprivileged, input.KeptCapabilities));
        foreach (var source in (container["envFrom"] as JsonArray ?? []).OfType<JsonObject>())
        {
            source["secretRef"]!["optional"] = true;
        }

        return Finished(container, input);
    }

    /// <summary>The volumes' names in this pod, the masked token, the resources.</summary>
    private static JsonObject Finished(JsonObject container, InjectionInput input)
    {
        var mounts = container["volumeMounts"]!.AsArray();
        mounts.Add(ContainerRenderer.Mount(TokenMask, TokenPath, readOnly: true));
        foreach (var mount in mounts.OfType<JsonObject>())
        {
            mount["name"] = ObjectNames.InjectedVolume(input.Workspace.WorkspaceId, mount["name"]!.GetValue<string>());
        }

        if (input.Resources is not null)
        {
            container["resources"] = input.Resources.DeepClone();
        }

        return container;
    }

    /// <summary>Nothing of ours may hold back a pod of the service: what a volume refers to is optional.</summary>
    private static JsonObject Volume(string id, JsonObject volume)
    {
        volume["name"] = ObjectNames.InjectedVolume(id, volume["name"]!.GetValue<string>());
        foreach (var source in new[] { volume["configMap"], volume["secret"] }.OfType<JsonObject>())
        {
            source["optional"] = true;
        }

        return volume;
    }

    private static JsonObject Labels(string id) => new()
    {
        [WorkspaceLabels.Injected] = "true",
        [WorkspaceLabels.InstanceKey(id)] = "true",
    };

    private static JsonObject Annotations(InjectionInput input) => new()
    {
        [WorkspaceAnnotations.InPod(input.Workspace.WorkspaceId, WorkspaceAnnotations.SshPort)] = Number(input.SshPort),
        [WorkspaceAnnotations.InPod(input.Workspace.WorkspaceId, WorkspaceAnnotations.HostKey)] = input.Workspace.HostKey,
        [WorkspaceAnnotations.InPod(input.Workspace.WorkspaceId, WorkspaceAnnotations.Record)] = input.RecordNamespace,
    };

    private static JsonObject Deleted(string name) => new() { ["$patch"] = "delete", ["name"] = name };

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
