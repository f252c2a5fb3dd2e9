using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>Seccomp is not switched off.</summary>
internal sealed class BaselineSeccompCheck() : SecurityCheck("seccompProfile_baseline", PolicyLevel.Baseline)
{
    private const string PodAnnotation = "seccomp.security.alpha.kubernetes.io/pod";
    private const string ContainerAnnotation = "container.seccomp.security.alpha.kubernetes.io/";

    public override Violation? Check(SecuredPod pod, int minor) => minor < 19 ? Annotations(pod) : Unconfined(pod);

    /// <summary>Whoever sets a profile other than the runtime's or one of the node's.</summary>
    public static Violation? Unconfined(SecuredPod pod)
    {
        var podType = pod.Context.Text("seccompProfile", "type");
        var setters = Words.Setters(IsForbidden(podType), pod.Where(c => IsForbidden(Type(c))));
        return setters.Length == 0 ? null : new Violation(
            "seccompProfile",
            $"{setters} must not set securityContext.seccompProfile.type to {Words.Quoted(Words.Sorted(pod.Containers.Select(Type).Append(podType).Where(IsForbidden).Select(t => t!)))}");
    }

    public static string? Type(JsonObject container) => container.Text("securityContext", "seccompProfile", "type");

    private static bool IsForbidden(string? type) => type is not (null or "RuntimeDefault" or "Localhost");

    /// <summary>Before there was a field there were annotations.</summary>
    private static Violation? Annotations(SecuredPod pod)
    {
        var names = pod.Containers.Select(c => ContainerAnnotation + c.Text("name")).Append(PodAnnotation).ToHashSet();
        var bad = Words.Sorted(pod.Annotations.Where(a => names.Contains(a.Name) && !IsAllowed(a.Value)).Select(a => $"{a.Name}=\"{a.Value}\""));
        return bad.Count == 0 ? null : new Violation("seccompProfile", $"forbidden {Words.Plural("annotation", "annotations", bad.Count)} {string.Join(", ", bad)}");
    }

    private static bool IsAllowed(string value) => value is "runtime/default" or "docker/default" || value.StartsWith("localhost/", StringComparison.Ordinal);
}
