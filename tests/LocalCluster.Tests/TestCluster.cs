using System.Net;
using k8s;
using k8s.Autorest;
using Xunit;

namespace Workspaces.LocalCluster.Tests;

/// <summary>Which cluster the tests are to use: a LocalCluster that the fixtures start, or the one that the environment names.</summary>
internal static class TestCluster
{
    private const string KubeconfigVariable = "WORKSPACES_TEST_KUBECONFIG";
    private const string ImageVariable = "WORKSPACES_TEST_IMAGE";

    /// <summary>The kubeconfig of the cluster to test, where it is not LocalCluster.</summary>
    public static string? Kubeconfig { get; } = Environment.GetEnvironmentVariable(KubeconfigVariable) is { Length: > 0 } file ? file : null;

    /// <summary>The fixtures start a LocalCluster.</summary>
    public static bool IsLocal => Kubeconfig is null;

    /// <summary>An image with a shell and the usual small programs.</summary>
    public static string Image { get; } =
        IsLocal ? "tests/host" : Environment.GetEnvironmentVariable(ImageVariable) is { Length: > 0 } image ? image : "busybox";

    /// <summary>Deletes namespaces of tests where the cluster lives on.</summary>
    public static async Task DeleteAsync(Kubernetes client, IEnumerable<string> namespaces)
    {
        foreach (var name in IsLocal ? [] : namespaces)
        {
            try
            {
                await client.CoreV1.DeleteNamespaceAsync(name);
            }
            catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
            {
                // A test has deleted it.
            }
        }
    }

    /// <summary>For tests of what no other cluster has (faults, images, state folder, processes): skips the test where the cluster is another one.</summary>
    public static void IsLocalClusterOrSkip(string subject) =>
        Assert.SkipUnless(IsLocal, $"Tests {subject}: LocalCluster's own, and {KubeconfigVariable} names another cluster.");
}
