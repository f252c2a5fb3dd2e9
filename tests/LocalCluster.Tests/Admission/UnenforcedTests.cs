using Workspaces.LocalCluster.Tests.Api;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Admission;

/// <summary>What LocalCluster stores without effect is said where it is stored.</summary>
public sealed class UnenforcedTests(ApiCluster cluster) : OwnTests("warnings of what has no effect"), IClassFixture<ApiCluster>
{
    [Theory]
    [InlineData("apis/networking.k8s.io/v1", "networkpolicies", """{"metadata":{"name":"x"},"spec":{"podSelector":{}}}""", "not enforced")]
    [InlineData("api/v1", "services", """{"metadata":{"name":"x"},"spec":{"type":"LoadBalancer","ports":[{"port":80}]}}""", "no load balancers")]
    [InlineData("api/v1", "services", """{"metadata":{"name":"x"},"spec":{"ports":[{"port":80,"protocol":"SCTP"}]}}""", "SCTP is not routed")]
    public async Task Create_OfWhatHasNoEffectHere_Warns(string group, string plural, string body, string words)
    {
        var path = $"{group}/namespaces/{await cluster.NamespaceAsync()}/{plural}";

        var answer = await cluster.Client.PostAsync(path, body);

        answer.Ok();
        Assert.Contains(words, Assert.Single(answer.Warnings), StringComparison.Ordinal);
        var relabelled = await cluster.Client.PatchAsync($"{path}/x", """{"metadata":{"labels":{"a":"b"}}}""", "application/merge-patch+json");
        relabelled.Ok();
        Assert.Empty(relabelled.Warnings);
    }

    [Fact]
    public async Task Create_OfAPlainService_SaysNothing()
    {
        var answer = await cluster.Client.PostAsync($"api/v1/namespaces/{await cluster.NamespaceAsync()}/services", """{"metadata":{"name":"x"},"spec":{"ports":[{"port":80}]}}""");

        answer.Ok();
        Assert.Empty(answer.Warnings);
    }
}
