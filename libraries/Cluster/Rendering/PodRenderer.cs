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

    /// <summary>Probes until the kubelet gives up on a container; the worker's own deadline is as long and comes with a reason.</summary>
    private const int StartupProbes = 300;

    public static JsonObject Render(StandaloneInput input, RenderOptions options, WorkspaceFiles files)
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
            ["initContainers"] = new JsonArray { ToolkitContainer(input, options, user) },
            ["containers"] = new JsonArray { WorkspaceContainer(input, options, files, user) },
            ["volumes"] = new JsonArray([.. Volumes(input, files)]),
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

    private static JsonObject ToolkitContainer(StandaloneInput input, RenderOptions options, LoginUser user) => new()
    {
        ["name"] = ObjectNames.Toolkit,
        ["image"] = options.ToolkitImage,
        ["command"] = new JsonArray { "/.workspace/bin/busybox", "sh", "/.workspace/bin/install", "/toolkit" },
        ["securityContext"] = SecurityContexts.OfToolkit(input.Blueprint, user),
        ["volumeMounts"] = new JsonArray { Mount(ObjectNames.Toolkit, "/toolkit") },
    };

    private static JsonObject WorkspaceContainer(StandaloneInput input, RenderOptions options, WorkspaceFiles files, LoginUser user)
    {
        var blueprint = input.Blueprint;
        var container = new JsonObject
        {
            ["name"] = ObjectNames.WorkspaceContainer,
            ["image"] = blueprint.Image,
            ["command"] = new JsonArray { "/.workspace/bin/busybox", "sh", "/.workspace/bin/bootstrap" },
            ["env"] = EnvironmentRenderer.Variables(input, options, user),
            ["ports"] = new JsonArray
            {
                new JsonObject { ["name"] = "ssh", ["containerPort"] = options.SshPort, ["protocol"] = "TCP" },
            },
            ["securityContext"] = SecurityContexts.OfWorkspace(blueprint, user),
            // Gates "usable" once; there is no readiness or liveness probe that could flip later.
            ["startupProbe"] = new JsonObject
            {
                ["tcpSocket"] = new JsonObject { ["port"] = options.SshPort },
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

        if (Resources(blueprint.Resources) is { } resources)
        {
            container["resources"] = resources;
        }

        return container;
    }

    private static IEnumerable<JsonObject> Volumes(StandaloneInput input, WorkspaceFiles files)
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

    /// <summary>Parents before what is inside them, so that a file in a home volume is not hidden by the volume.</summary>
    private static IEnumerable<JsonObject> Mounts(StandaloneInput input, WorkspaceFiles files) =>
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

    private static JsonObject ConfigVolume(StandaloneInput input)
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
    private static JsonObject SecretVolume(StandaloneInput input) => new()
    {
        ["name"] = ObjectNames.SecretVolume,
        ["secret"] = new JsonObject
        {
            ["secretName"] = ObjectNames.For(input.WorkspaceId),
            ["defaultMode"] = Convert.ToInt32("444", 8),
            ["optional"] = true,
        },
    };

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

    private static void AddScheduling(JsonObject spec, StandaloneInput input)
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

    private static JsonObject Item(string key) => new() { ["key"] = key, ["path"] = key };

    private static JsonObject Mount(string name, string path, bool readOnly = false) => readOnly
        ? new JsonObject { ["name"] = name, ["mountPath"] = path, ["readOnly"] = true }
        : new JsonObject { ["name"] = name, ["mountPath"] = path };

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
