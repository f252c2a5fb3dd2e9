using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>AppArmor stays on: with the runtime's profile or one of the node's.</summary>
internal sealed class AppArmorCheck() : SecurityCheck("appArmorProfile", PolicyLevel.Baseline)
{
    private const string Annotation = "container.apparmor.security.beta.kubernetes.io/";

    public override Violation? Check(SecuredPod pod, int minor)
    {
        var podType = pod.Context.Text("appArmorProfile", "type");
        var containers = pod.Containers.Where(c => IsForbidden(Type(c))).ToList();
        var annotations = pod.Annotations.Where(a => a.Name.StartsWith(Annotation, StringComparison.Ordinal) && !IsAllowedAnnotation(a.Value))
            .Select(a => $"{a.Name}=\"{a.Value}\"").Order(StringComparer.Ordinal).ToList();
        var setters = Words.Setters(IsForbidden(podType), [.. containers.Select(c => c.Text("name") ?? "")]);
        if (annotations.Count > 0)
        {
            setters += (setters.Length > 0 ? " and " : "") + Words.Plural("annotation", "annotations", annotations.Count);
        }

        var values = Words.Sorted(containers.Select(Type).Append(podType).Where(IsForbidden).Select(t => t!)).Concat(annotations).ToList();
        return setters.Length == 0 ? null : new Violation(
            Words.Plural("forbidden AppArmor profile", "forbidden AppArmor profiles", values.Count),
            $"{setters} must not set AppArmor profile type to {Words.Quoted(values)}");
    }

    private static string? Type(JsonObject container) => container.Text("securityContext", "appArmorProfile", "type");

    private static bool IsForbidden(string? type) => type is not (null or "RuntimeDefault" or "Localhost");

    private static bool IsAllowedAnnotation(string value) => value is "" or "runtime/default" || value.StartsWith("localhost/", StringComparison.Ordinal);
}
