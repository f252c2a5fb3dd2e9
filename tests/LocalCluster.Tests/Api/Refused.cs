using System.Net;
using k8s.Autorest;
using k8s.Models;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>Asserts that the API refuses, and hands back the Status it refuses with.</summary>
internal static class Refused
{
    public static async Task<V1Status> WithAsync(HttpStatusCode code, Func<Task> request)
    {
        var error = await Assert.ThrowsAsync<HttpOperationException>(request);
        Assert.Equal(code, error.Response.StatusCode);
        return k8s.KubernetesJson.Deserialize<V1Status>(error.Response.Content);
    }
}
