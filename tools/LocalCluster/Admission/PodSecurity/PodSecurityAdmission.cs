using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>
/// Holds pods against the policies of their namespace: refuses what violates the enforced one, warns of what violates the other. Templates
/// are never refused; their pods will be (https://kubernetes.io/docs/concepts/security/pod-security-admission).
/// </summary>
internal sealed class PodSecurityAdmission : IAdmission
{
    private static readonly ResourceType[] WithTemplate =
        [ResourceTypes.Deployments, ResourceTypes.ReplicaSets, ResourceTypes.StatefulSets, ResourceTypes.DaemonSets, ResourceTypes.PodTemplates];

    private static readonly string[] Lists = ["containers", "initContainers"];

    public void Validate(AdmissionRequest request)
    {
        if (request.Type == ResourceTypes.Namespaces && request.Subresource is null)
        {
            NamespaceLabelCheck.Check(request);
        }
        else if (request.Type == ResourceTypes.Pods)
        {
            if (request.Subresource is null or "ephemeralcontainers" or "resize" && IsSignificant(request))
            {
                Evaluate(request, request.Object, enforce: true);
            }
        }
        else if (request.Subresource is null && WithTemplate.Contains(request.Type))
        {
            var template = request.Type == ResourceTypes.PodTemplates ? request.Object["template"] : request.Object.At("spec", "template");
            Evaluate(request, template, enforce: false);
        }
    }

    private static void Evaluate(AdmissionRequest request, JsonNode? pod, bool enforce)
    {
        if (pod?["spec"] is not JsonObject spec)
        {
            return;
        }

        var labels = request.Store.Get(ResourceTypes.Namespaces, null, request.Namespace!)?.Json.At("metadata", "labels");
        var policy = NamespacePolicy.Of(labels, []);
        var secured = new SecuredPod(pod["metadata"], spec);
        if (enforce && PolicyEvaluator.Violations(policy.Enforce, secured) is { Count: > 0 } violations)
        {
            throw ApiErrors.Forbidden(request.Type, request.Name, $"violates PodSecurity \"{policy.Enforce}\": {string.Join(", ", violations)}");
        }

        if (PolicyEvaluator.Violations(policy.Warn, secured) is { Count: > 0 } warned)
        {
            request.Options.Warnings.Add($"would violate PodSecurity \"{policy.Warn}\": {string.Join(", ", warned)}");
        }
    }

    /// <summary>Of a pod that is there, only images and added ephemeral containers can make a difference.</summary>
    private static bool IsSignificant(AdmissionRequest request)
    {
        if (request.Old is not { } old)
        {
            return true;
        }

        return Lists.Any(list => !Images(request.Object, list).SequenceEqual(Images(old, list)))
            || Images(request.Object, "ephemeralContainers").Except(Images(old, "ephemeralContainers")).Any();
    }

    private static List<(string?, string?)> Images(JsonObject pod, string list) => [.. pod.Objects("spec", list).Select(c => (c.Text("name"), c.Text("image")))];
}
