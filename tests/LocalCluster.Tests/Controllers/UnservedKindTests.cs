using System.Net;
using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Tests.Api;
using Workspaces.LocalCluster.Tests.Node;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Controllers;

/// <summary>What would have no effect is refused with a sentence, and not stored in silence.</summary>
public sealed class UnservedKindTests(NodeFixture cluster)
{
    [Fact]
    public async Task Create_ADeployment_SaysThatNothingWouldRollItOut()
    {
        var ns = await cluster.NewNamespaceAsync();
        var labels = new Dictionary<string, string> { ["app"] = "web" };
        var deployment = new V1Deployment
        {
            Metadata = new V1ObjectMeta { Name = "web" },
            Spec = new V1DeploymentSpec
            {
                Selector = new V1LabelSelector { MatchLabels = labels },
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta { Labels = labels },
                    Spec = new V1PodSpec { Containers = [new V1Container { Name = "web", Image = "web" }] },
                },
            },
        };

        var status = await Refused.WithAsync(HttpStatusCode.NotImplemented, () => cluster.Client.CreateNamespacedDeploymentAsync(deployment, ns));

        Assert.Contains("deployments", status.Message, StringComparison.Ordinal);
        await Refused.WithAsync(HttpStatusCode.NotFound, () => cluster.Client.ReadNamespacedDeploymentAsync("web", ns));
    }
}
