using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Admission.Quota;

/// <summary>Services, their node ports and their load balancers.</summary>
internal sealed class ServiceUsage() : UsageRules(ResourceTypes.Services)
{
    private const string NodePorts = "services.nodeports";
    private const string LoadBalancers = "services.loadbalancers";

    /// <summary>An update can change the type, and with it the ports.</summary>
    public override bool Handles(AdmissionRequest request) => request.Subresource is null;

    public override bool Counts(string resource) => resource is "services" or NodePorts or LoadBalancers || resource == CountName;

    public override Amounts Usage(JsonObject obj, DateTimeOffset now)
    {
        var ports = obj.Objects("spec", "ports").ToList();
        var usage = new Amounts { [CountName] = Quantity.One, ["services"] = Quantity.One, [NodePorts] = Quantity.Zero, [LoadBalancers] = Quantity.Zero };
        switch (obj.Text("spec", "type"))
        {
            case "NodePort":
                usage[NodePorts] = Quantity.Of(ports.Count);
                break;
            case "LoadBalancer":
                usage[LoadBalancers] = Quantity.One;
                usage[NodePorts] = Quantity.Of(obj.Flag("spec", "allocateLoadBalancerNodePorts") == false ? ports.Count(p => (p.Number("nodePort") ?? 0) != 0) : ports.Count);
                break;
        }

        return usage;
    }
}
