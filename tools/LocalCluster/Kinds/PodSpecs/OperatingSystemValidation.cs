using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds.PodSpecs;

/// <summary>What a pod for one operating system cannot ask of another.</summary>
internal static class OperatingSystemValidation
{
    private static readonly string[] Known = ["linux", "windows"];
    private static readonly string[] NotOnWindows = ["hostPID", "hostIPC", "hostUsers"];
    private static readonly string[] PodContextNotOnWindows =
        ["seLinuxOptions", "appArmorProfile", "seccompProfile", "fsGroup", "fsGroupChangePolicy", "sysctls", "shareProcessNamespace", "runAsUser", "runAsGroup", "supplementalGroups"];

    private static readonly string[] ContextNotOnWindows =
    [
        "appArmorProfile", "seLinuxOptions", "seccompProfile", "capabilities", "readOnlyRootFilesystem", "privileged", "allowPrivilegeEscalation", "procMount",
        "runAsUser", "runAsGroup",
    ];

    public static void OfPod(PodSpecContext pod, List<FieldError> errors)
    {
        if (pod.Spec["os"] is null)
        {
            return;
        }

        switch (pod.OperatingSystem)
        {
            case null or "":
                errors.Add(FieldError.Required($"{pod.At}.os.name"));
                break;
            case "linux":
                Linux(pod, errors);
                break;
            case "windows":
                Windows(pod, errors);
                break;
            default:
                errors.Add(FieldError.NotSupported($"{pod.At}.os", FieldError.Quote(pod.OperatingSystem), Known));
                break;
        }
    }

    private static void Linux(PodSpecContext pod, List<FieldError> errors)
    {
        foreach (var (context, at) in Contexts(pod).Prepend((pod.Spec["securityContext"], $"{pod.At}.securityContext")).Where(c => c.Item1.At("windowsOptions") is not null))
        {
            errors.Add(FieldError.Forbidden($"{at}.windowsOptions", "windows options cannot be set for a linux pod"));
        }
    }

    private static void Windows(PodSpecContext pod, List<FieldError> errors)
    {
        const string Refusal = "cannot be set for a windows pod";
        var context = pod.Spec["securityContext"];
        errors.AddRange(PodContextNotOnWindows[..1].Where(f => context.At(f) is not null).Select(f => FieldError.Forbidden($"{pod.At}.securityContext.{f}", Refusal)));
        errors.AddRange(NotOnWindows.Where(f => pod.Spec.Flag(f) == true).Select(f => FieldError.Forbidden($"{pod.At}.{f}", Refusal)));
        errors.AddRange(PodContextNotOnWindows[1..].Where(f => context.At(f) is not null).Select(f => FieldError.Forbidden($"{pod.At}.securityContext.{f}", Refusal)));
        foreach (var (own, at) in Contexts(pod))
        {
            errors.AddRange(ContextNotOnWindows.Where(f => own.At(f) is not null).Select(f => FieldError.Forbidden($"{at}.{f}", Refusal)));
        }
    }

    private static IEnumerable<(JsonNode? Context, string At)> Contexts(PodSpecContext pod) =>
        from list in (string[])["initContainers", "containers", "ephemeralContainers"]
        from container in pod.Spec.Objects(list).Select((c, i) => (c["securityContext"], $"{pod.At}.{list}[{i}].securityContext"))
        select container;
}
