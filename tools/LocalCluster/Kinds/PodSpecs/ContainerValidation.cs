using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds.PodSpecs;

/// <summary>What makes a container invalid: of any kind, and of init and ephemeral ones, which may do less.</summary>
internal static class ContainerValidation
{
    private static readonly string[] PullPolicies = ["Always", "IfNotPresent", "Never"];
    private static readonly string[] MessagePolicies = ["File", "FallbackToLogsOnError"];
    private static readonly string[] RestartPolicies = ["Always", "Never", "OnFailure"];
    private static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];

    /// <summary>Fields of a container that an ephemeral one cannot have, in the order of the API's type.</summary>
    private static readonly string[] NotForEphemeral =
        ["ports", "resources", "resizePolicy", "restartPolicy", "restartPolicyRules", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle"];

    public static void Containers(PodSpecContext pod, List<FieldError> errors)
    {
        var containers = pod.Spec.Objects("containers").ToList();
        var at = $"{pod.At}.containers";
        if (containers.Count == 0)
        {
            errors.Add(FieldError.Required(at));
        }

        var names = new HashSet<string>();
        for (var i = 0; i < containers.Count; i++)
        {
            var field = $"{at}[{i}]";
            Common(containers[i], field, pod, errors);
            RestartPolicy(containers[i], field, errors);
            Name(containers[i], field, names, errors);
            HandlerValidation.OfContainer(containers[i], field, pod, errors);
        }

        PortValidation.HostPorts(containers, at, errors);
    }

    public static void InitContainers(PodSpecContext pod, List<FieldError> errors)
    {
        var names = pod.Spec.Objects("containers").Select(c => c.Text("name") ?? "").ToHashSet();
        var inits = pod.Spec.Objects("initContainers").ToList();
        for (var i = 0; i < inits.Count; i++)
        {
            var field = $"{pod.At}.initContainers[{i}]";
            Common(inits[i], field, pod, errors);
            RestartPolicy(inits[i], field, errors);
            Name(inits[i], field, names, errors);
            PortValidation.HostPorts([inits[i]], $"{pod.At}.initContainers", errors);
            if (inits[i].Text("restartPolicy") == "Always")
            {
                HandlerValidation.OfContainer(inits[i], field, pod, errors);
                continue;
            }

            foreach (var name in Probes.Prepend("lifecycle").Where(n => inits[i][n] is not null))
            {
                errors.Add(FieldError.Forbidden($"{field}.{name}", "may not be set for init containers without restartPolicy=Always"));
            }
        }
    }

    public static void Ephemeral(PodSpecContext pod, List<FieldError> errors)
    {
        var others = pod.Spec.Objects("containers").Concat(pod.Spec.Objects("initContainers")).Select(c => c.Text("name") ?? "").ToHashSet();
        var names = others.ToHashSet();
        var containers = pod.Spec.Objects("ephemeralContainers").ToList();
        for (var i = 0; i < containers.Count; i++)
        {
            var (container, field) = (containers[i], $"{pod.At}.ephemeralContainers[{i}]");
            Common(container, field, pod, errors);
            Image(container, field, errors);
            Name(container, field, names, errors);
            if (container.Text("targetContainerName") is { Length: > 0 } target && !others.Contains(target))
            {
                errors.Add(FieldError.NotFound($"{field}.targetContainerName", FieldError.Quote(target)));
            }

            foreach (var name in NotForEphemeral.Where(n => container[n] is JsonArray { Count: > 0 } or JsonObject { Count: > 0 } or JsonValue))
            {
                errors.Add(FieldError.Forbidden($"{field}.{name}", "cannot be set for an Ephemeral Container"));
            }

            MountValidation.NoSubPaths(container, field, errors);
        }
    }

    /// <summary>An image's name without space around it: of pods, not of templates.</summary>
    public static void Image(JsonObject container, string at, List<FieldError> errors)
    {
        if (container.Text("image") is { } image && image != image.Trim())
        {
            errors.Add(FieldError.Invalid($"{at}.image", FieldError.Quote(image), "must not have leading or trailing whitespace"));
        }
    }

    private static void Name(JsonObject container, string at, HashSet<string> names, List<FieldError> errors)
    {
        if (container.Text("name") is { Length: > 0 } name && !names.Add(name))
        {
            errors.Add(FieldError.Duplicate($"{at}.name", FieldError.Quote(name)));
        }
    }

    private static void RestartPolicy(JsonObject container, string at, List<FieldError> errors)
    {
        if (container.Text("restartPolicy") is null && container["restartPolicyRules"] is JsonArray { Count: > 0 })
        {
            errors.Add(FieldError.Required($"{at}.restartPolicy", "must specify restartPolicy when restart rules are used"));
        }

        Checks.Known(container, "restartPolicy", at, RestartPolicies, errors);
    }

    private static void Common(JsonObject container, string at, PodSpecContext pod, List<FieldError> errors)
    {
        Checks.Given(container, "name", at, errors);
        Checks.Name(container, "name", at, Names.WrongLabel, errors);
        Checks.Given(container, "image", at, errors);
        PodValidation.OneOf(container, at, "terminationMessagePolicy", MessagePolicies, errors);
        PortValidation.OfContainer(container, at, errors);
        EnvironmentValidation.OfContainer(container, at, errors);
        MountValidation.OfContainer(container, at, pod, errors);
        PodValidation.OneOf(container, at, "imagePullPolicy", PullPolicies, errors);
        ResourceValidation.OfContainer(container, at, pod, errors);
        ResourceValidation.ResizePolicy(container, at, pod, errors);
        SecurityContextValidation.OfContainer(container["securityContext"], $"{at}.securityContext", pod.HostUsers, errors);
    }
}
