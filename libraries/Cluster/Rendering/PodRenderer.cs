using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.Cluster.Naming;

namespace Workspaces.Cluster.Rendering;

/// <summary>
/// The pod template of a standalone workspace: an init container copies the toolkit into an emptyDir, and the workspace container,
/// from the blueprint's own image, starts from there. Nothing in it changes with the generation alone, so that stop and start, and
/// nothing else, replace a pod.
/// </summary>
internal static class PodRenderer
{
    /// <summary>The bootstrap ends at once when told to; this is for what people left running.</summary>
    private const int GraceSeconds = 10;

    public static JsonObject Render(WorkspaceInput input, RenderOptions options, WorkspaceFiles files)
    {
        var blueprint = input.Blueprint;
        var user = LoginUser.Of(input.Owner, blueprint.User);
        var spec = new JsonObject
        {
            ["serviceAccountName"] = ObjectNames.For(input.WorkspaceId),
            ["automountServiceAccountToken"] = false,
            ["enableServiceLinks"] = false,
            ["terminationGracePeriodSeconds"] = GraceSeconds,
            // Volumes are writable for the login user, whoever made them.
            ["securityContext"] = new JsonObject { ["fsGroup"] = user.Gid, ["fsGroupChangePolicy"] = "OnRootMismatch" },
            ["initContainers"] = new JsonArray
            {
                ContainerRenderer.Toolkit(ObjectNames.Toolkit, options, SecurityContexts.OfToolkit(blueprint, user)),
            },
            ["containers"] = new JsonArray { WorkspaceContainer(input, options, files, user) },
            ["volumes"] = new JsonArray([.. ContainerRenderer.Volumes(input, files)]),
        };
        if (blueprint.ImagePullSecrets is { Count: > 0 } secrets)
        {
            spec["imagePullSecrets"] = new JsonArray([.. secrets.Select(name => new JsonObject { ["name"] = name })]);
        }

        AddScheduling(spec, input);
        return new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["labels"] = ObjectMetadata.Labels(input),
                ["annotations"] = new JsonObject
                {
                    [WorkspaceAnnotations.SshPort] = Number(options.SshPort),
                    [WorkspaceAnnotations.HostKey] = input.HostKey,
                },
            },
            ["spec"] = spec,
        };
    }

    private static JsonObject WorkspaceContainer(WorkspaceInput input, RenderOptions options, WorkspaceFiles files, LoginUser user)
    {
        var container = ContainerRenderer.Workspace(
            ObjectNames.WorkspaceContainer, input, files, user, options.SshPort, SecurityContexts.OfWorkspace(input.Blueprint, user));
        container.Insert(container.IndexOf("securityContext"), "ports", new JsonArray
        {
            new JsonObject { ["name"] = "ssh", ["containerPort"] = options.SshPort, ["protocol"] = "TCP" },
        });
        if (Resources(input.Blueprint.Resources) is { } resources)
        {
            container["resources"] = resources;
        }

        return container;
    }

    private static JsonObject? Resources(Contracts.Blueprints.BlueprintResources? resources)
    {
        var rendered = new JsonObject();
        if (resources?.Requests is { Count: > 0 } requests)
        {
            rendered["requests"] = StringMap(requests);
        }

        if (resources?.Limits is { Count: > 0 } limits)
        {
            rendered["limits"] = StringMap(limits);
        }

        return rendered.Count > 0 ? rendered : null;
    }

    private static void AddScheduling(JsonObject spec, WorkspaceInput input)
    {
        var scheduling = input.Blueprint.Scheduling;
        if (scheduling?.NodeSelector is { Count: > 0 } selector)
        {
            spec["nodeSelector"] = StringMap(selector);
        }

        if (scheduling?.Tolerations is { Count: > 0 } tolerations)
        {
            spec["tolerations"] = tolerations.DeepClone();
        }

        if (scheduling?.PriorityClassName is { Length: > 0 } priority)
        {
            spec["priorityClassName"] = priority;
        }
    }

    private static JsonObject StringMap(IReadOnlyDictionary<string, string> values)
    {
        var rendered = new JsonObject();
        foreach (var (key, value) in values.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            rendered[key] = value;
        }

        return rendered;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
