using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>
/// The defaults of pod specs, as the API server sets them (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1). Templates get the
/// first part, pods both.
/// </summary>
internal static class PodDefaults
{
    private const long FileMode = 420;

    private static readonly string[] ContainerLists = ["initContainers", "containers", "ephemeralContainers"];
    private static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];

    /// <summary>What a pod and a pod template have in common.</summary>
    public static void OfSpec(JsonObject spec)
    {
        spec.SetDefault("dnsPolicy", "ClusterFirst");
        spec.SetDefault("restartPolicy", "Always");
        spec.SetDefault("schedulerName", "default-scheduler");
        spec.SetDefault("securityContext", new JsonObject());
        spec.SetDefault("terminationGracePeriodSeconds", 30L);
        if (spec.Text("serviceAccountName") is { Length: > 0 } account)
        {
            // The older field is kept equal to the newer one.
            spec["serviceAccount"] = account;
        }
        else if (spec.Text("serviceAccount") is { Length: > 0 } old)
        {
            spec["serviceAccountName"] = old;
        }

        foreach (var list in ContainerLists)
        {
            foreach (var container in spec.Objects(list))
            {
                OfContainer(container);
            }
        }

        foreach (var volume in spec.Objects("volumes"))
        {
            OfVolume(volume);
        }
    }

    /// <summary>What only a pod gets.</summary>
    public static void OfPod(JsonObject spec)
    {
        spec.SetDefault("enableServiceLinks", true);
        foreach (var container in spec.Objects("initContainers").Concat(spec.Objects("containers")))
        {
            if (container.At("resources", "limits") is JsonObject limits)
            {
                var requests = container.Ensure("resources").Ensure("requests");
                foreach (var (resource, limit) in limits)
                {
                    requests.SetDefault(resource, limit!.DeepClone());
                }
            }

            if (spec.Flag("hostNetwork") == true)
            {
                foreach (var port in container.Objects("ports").Where(p => p["containerPort"] is not null))
                {
                    port.SetDefault("hostPort", port["containerPort"]!.DeepClone());
                }
            }
        }

        if (spec["resources"] is JsonObject own)
        {
            OfOwnResources(spec, own);
        }
    }

    /// <summary>What a pod with limits of its own requests: as much as its containers, or as its limits where those are silent.</summary>
    private static void OfOwnResources(JsonObject spec, JsonObject own)
    {
        var hasAny = own["limits"] is JsonObject { Count: > 0 } || own["requests"] is JsonObject { Count: > 0 };
        foreach (var (name, limit) in PodResources.OfContainers(spec, "limits").Where(l => hasAny && ResourceNames.IsHugePages(l.Key)))
        {
            if (own.At("requests", name) is null)
            {
                own.Ensure("limits").SetDefault(name, limit.ToString());
            }
        }

        if (own["limits"] is not JsonObject { Count: > 0 } limits)
        {
            return;
        }

        foreach (var (name, request) in PodResources.OfContainers(spec, "requests").Where(r => r.Key is "cpu" or "memory"))
        {
            own.Ensure("requests").SetDefault(name, request.ToString());
        }

        foreach (var (name, limit) in limits.Where(l => PodResources.IsForPods(l.Key)))
        {
            own.Ensure("requests").SetDefault(name, limit!.DeepClone());
        }
    }

    private static void OfContainer(JsonObject container)
    {
        container.SetDefault("terminationMessagePath", "/dev/termination-log");
        container.SetDefault("terminationMessagePolicy", "File");
        container.SetDefault("imagePullPolicy", PullPolicy(container.Text("image") ?? ""));
        foreach (var port in container.Objects("ports"))
        {
            port.SetDefault("protocol", "TCP");
        }

        foreach (var variable in container.Objects("env"))
        {
            (variable.At("valueFrom", "fieldRef") as JsonObject)?.SetDefault("apiVersion", "v1");
        }

        foreach (var name in Probes)
        {
            if (container[name] is JsonObject probe)
            {
                OfProbe(probe);
            }
        }

        // Of a feature that is off unless a cluster's operator turns it on.
        (container["lifecycle"] as JsonObject)?.Remove("stopSignal");
        foreach (var hook in new[] { container.At("lifecycle", "postStart"), container.At("lifecycle", "preStop") })
        {
            OfHttpGet(hook.At("httpGet") as JsonObject);
        }
    }

    private static void OfProbe(JsonObject probe)
    {
        probe.SetDefault("timeoutSeconds", 1L);
        probe.SetDefault("periodSeconds", 10L);
        probe.SetDefault("successThreshold", 1L);
        probe.SetDefault("failureThreshold", 3L);
        OfHttpGet(probe["httpGet"] as JsonObject);
        (probe["grpc"] as JsonObject)?.SetDefault("service", "");
    }

    private static void OfHttpGet(JsonObject? get)
    {
        get?.SetDefault("path", "/");
        get?.SetDefault("scheme", "HTTP");
    }

    private static void OfVolume(JsonObject volume)
    {
        if (volume.Count(p => p.Value is not null) == 1 && volume["name"] is not null)
        {
            volume["emptyDir"] = new JsonObject();
        }

        foreach (var source in new[] { "secret", "configMap", "downwardAPI", "projected" })
        {
            (volume[source] as JsonObject)?.SetDefault("defaultMode", FileMode);
        }

        (volume["hostPath"] as JsonObject)?.SetDefault("type", "");
        foreach (var item in volume.Objects("downwardAPI", "items"))
        {
            (item["fieldRef"] as JsonObject)?.SetDefault("apiVersion", "v1");
        }

        foreach (var source in volume.Objects("projected", "sources"))
        {
            (source["serviceAccountToken"] as JsonObject)?.SetDefault("expirationSeconds", 3600L);
            foreach (var item in source.Objects("downwardAPI", "items"))
            {
                (item["fieldRef"] as JsonObject)?.SetDefault("apiVersion", "v1");
            }
        }

        (volume.At("ephemeral", "volumeClaimTemplate", "spec") as JsonObject)?.SetDefault("volumeMode", "Filesystem");
    }

    /// <summary>Always where the tag is latest or missing, since then the image may change under the name.</summary>
    private static string PullPolicy(string image)
    {
        if (image.Contains('@'))
        {
            return "IfNotPresent";
        }

        var last = image[(image.LastIndexOf('/') + 1)..];
        var colon = last.IndexOf(':');
        return colon < 0 || last[(colon + 1)..] == "latest" ? "Always" : "IfNotPresent";
    }
}
