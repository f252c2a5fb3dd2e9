using System.Text.Json.Nodes;
using Workspaces.Cluster.Naming;

namespace Workspaces.Cluster.Rendering;

/// <summary>
/// What both models have in common: an init container that copies the toolkit into an emptyDir, the workspace container, from the
/// blueprint's own image, that starts from there, and the volumes of both.
/// </summary>
internal static class ContainerRenderer
{
    /// <summary>Probes until the kubelet gives up on a container; the worker's own deadline is as long and comes with a reason.</summary>
    private const int StartupProbes = 300;

    public static JsonObject Toolkit(string name, RenderOptions options, JsonObject securityContext) => new()
    {
        ["name"] = name,
        ["image"] = options.ToolkitImage,
        ["command"] = new JsonArray { "/.workspace/bin/busybox", "sh", "/.workspace/bin/install", "/toolkit" },
        ["securityContext"] = securityContext,
        ["volumeMounts"] = new JsonArray { Mount(ObjectNames.Toolkit, "/toolkit") },
    };

    /// <summary>The workspace container without ports and resources, which the models see differently.</summary>
    public static JsonObject Workspace(
        string name, WorkspaceInput input, WorkspaceFiles files, LoginUser user, int sshPort, JsonObject securityContext)
    {
        var blueprint = input.Blueprint;
        var container = new JsonObject
        {
            ["name"] = name,
            ["image"] = blueprint.Image,
            ["command"] = new JsonArray { "/.workspace/bin/busybox", "sh", "/.workspace/bin/bootstrap" },
            ["env"] = EnvironmentRenderer.Variables(input, sshPort, user),
            ["securityContext"] = securityContext,
            // Gates "usable" once; there is no readiness or liveness probe that could flip later.
            ["startupProbe"] = new JsonObject
            {
                ["tcpSocket"] = new JsonObject { ["port"] = sshPort },
                ["periodSeconds"] = 1,
                ["failureThreshold"] = StartupProbes,
            },
            ["volumeMounts"] = new JsonArray([.. Mounts(input, files)]),
        };
        if (blueprint.ImagePullPolicy is not null)
        {
            container["imagePullPolicy"] = blueprint.ImagePullPolicy;
        }

        if (EnvironmentRenderer.Sources(blueprint) is { } sources)
        {
            container["envFrom"] = sources;
        }

        return container;
    }

    public static IEnumerable<JsonObject> Volumes(WorkspaceInput input, WorkspaceFiles files)
    {
        yield return new JsonObject { ["name"] = ObjectNames.Toolkit, ["emptyDir"] = new JsonObject() };
        yield return ConfigVolume(input);
        yield return SecretVolume(input);
        if (files.Volume(input) is { } volume)
        {
            yield return volume;
        }

        foreach (var storage in StorageRenderer.Volumes(input))
        {
            yield return storage;
        }

        foreach (var secret in EnvironmentRenderer.SecretVolumes(input.Blueprint))
        {
            yield return secret;
        }
    }

    public static JsonObject Mount(string name, string path, bool readOnly = false) => readOnly
        ? new JsonObject { ["name"] = name, ["mountPath"] = path, ["readOnly"] = true }
        : new JsonObject { ["name"] = name, ["mountPath"] = path };

    /// <summary>Parents before what is inside them, so that a file in a home volume is not hidden by the volume.</summary>
    private static IEnumerable<JsonObject> Mounts(WorkspaceInput input, WorkspaceFiles files) =>
        new[]
        {
            Mount(ObjectNames.Toolkit, "/.workspace"),
            Mount(ObjectNames.ConfigVolume, "/.workspace-config", readOnly: true),
            Mount(ObjectNames.SecretVolume, "/.workspace-secret", readOnly: true),
        }
        .Concat(StorageRenderer.Mounts(input))
        .Concat(EnvironmentRenderer.SecretMounts(input.Blueprint))
        .Concat(files.Mounts())
        .OrderBy(mount => mount["mountPath"]!.GetValue<string>().Count(c => c == '/'));

    private static JsonObject ConfigVolume(WorkspaceInput input)
    {
        var items = new JsonArray { Item(ObjectNames.UserCaEntry) };
        if (input.Blueprint.Banner is { Length: > 0 })
        {
            items.Add(Item(ObjectNames.BannerEntry));
        }

        return new JsonObject
        {
            ["name"] = ObjectNames.ConfigVolume,
            ["configMap"] = new JsonObject { ["name"] = ObjectNames.For(input.WorkspaceId), ["items"] = items, ["optional"] = true },
        };
    }

    /// <summary>
    /// Mode 0444: fsGroup would make 0440 of 0400, which sshd refuses as root, and a plain uid could not read 0400. The bootstrap
    /// copies the key to a file of mode 0600.
    /// </summary>
    private static JsonObject SecretVolume(WorkspaceInput input) => new()
    {
        ["name"] = ObjectNames.SecretVolume,
        ["secret"] = new JsonObject
        {
            ["secretName"] = ObjectNames.For(input.WorkspaceId),
            ["defaultMode"] = Convert.ToInt32("444", 8),
            ["optional"] = true,
        },
    };

    private static JsonObject Item(string key) => new() { ["key"] = key, ["path"] = key };
}
