using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission;

/// <summary>
/// Warns of what is stored here and has no effect, as a Warning header that kubectl prints: a policy that nothing enforces must not look
/// like one that protects.
/// </summary>
internal sealed class UnenforcedAdmission : IAdmission
{
    public void Validate(AdmissionRequest request)
    {
        if (request.Subresource is not null || JsonNode.DeepEquals(request.Object["spec"], request.Old?["spec"]))
        {
            return;
        }

        foreach (var what in WithoutEffect(request.Type, request.Object))
        {
            request.Options.Warnings.Add($"LocalCluster: {what}");
        }
    }

    private static IEnumerable<string> WithoutEffect(ResourceType type, JsonObject obj)
    {
        if (type == ResourceTypes.NetworkPolicies)
        {
            yield return "NetworkPolicies are stored and not enforced; pods reach each other whatever they say";
        }

        if (type != ResourceTypes.Services)
        {
            yield break;
        }

        if (obj.Text("spec", "type") == "LoadBalancer")
        {
            yield return "there are no load balancers; the Service is reachable from pods, and gets no address outside";
        }

        if (obj.Objects("spec", "ports").Any(port => port.Text("protocol") == "SCTP"))
        {
            yield return "SCTP is not routed; pods reach each other by it at their own addresses only";
        }
    }
}
