using System.Net;
using Workspaces.Support.Faults;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>Lists whose state is no longer known.</summary>
public sealed class ForgottenListTests(ApiCluster cluster) : OwnTests("faults"), IClassFixture<ApiCluster>
{
    [Fact]
    public async Task Continue_OfAForgottenState_OffersToGoOnWithWhatThereIs()
    {
        var ns = await cluster.NamespaceAsync();
        using var faults = ClusterFaults.Of(cluster.KubeconfigFile);
        foreach (var name in new[] { "a", "b", "c" })
        {
            (await cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map(name))).Ok();
        }

        var first = (await cluster.Client.GetAsync($"{Wire.ConfigMaps(ns)}?limit=1")).Ok();
        (await cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("d"))).Ok();
        await faults.CompactHistoryAsync();
        var refused = await cluster.Client.GetAsync($"{Wire.ConfigMaps(ns)}?limit=10&continue={first["metadata"]!["continue"]}");
        Assert.StartsWith("The provided continue parameter is too old to display a consistent list result.", refused.Refused(HttpStatusCode.Gone), StringComparison.Ordinal);
        var rest = (await cluster.Client.GetAsync($"{Wire.ConfigMaps(ns)}?limit=10&continue={refused.Body["metadata"]!["continue"]}")).Ok();
        Assert.Equal(["b", "c", "d"], rest["items"]!.AsArray().Select(i => (string)i!["metadata"]!["name"]!).Where(n => n.Length == 1));
    }
}
