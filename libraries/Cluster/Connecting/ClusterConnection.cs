using k8s;
using k8s.Exceptions;
using Microsoft.Extensions.Options;

namespace Workspaces.Cluster.Connecting;

/// <summary>Makes the client of the cluster's API from configuration.</summary>
public static class ClusterConnection
{
    /// <summary>The client; nothing is asked of the cluster yet.</summary>
    /// <exception cref="OptionsValidationException">The kubeconfig is missing or unusable; the message says what to set.</exception>
    public static IKubernetes Open(ClusterOptions options)
    {
        var configuration = options.Kubeconfig is { Length: > 0 } path ? FromFile(path, options.Context) : InCluster();
        // Watches stay open for minutes; every other request has its own deadline by cancellation.
        configuration.HttpClientTimeout = Timeout.InfiniteTimeSpan;
        return new Kubernetes(configuration);
    }

    private static KubernetesClientConfiguration FromFile(string path, string? context)
    {
        if (!File.Exists(path))
        {
            throw Invalid($"Kubernetes__Kubeconfig names '{path}', which does not exist. Name a kubeconfig, or unset it to use the pod's service account.");
        }

        try
        {
            return KubernetesClientConfiguration.BuildConfigFromConfigFile(path, string.IsNullOrEmpty(context) ? null : context);
        }
        catch (KubeConfigException e)
        {
            throw Invalid($"The kubeconfig '{path}' cannot be used: {e.Message}");
        }
    }

    private static KubernetesClientConfiguration InCluster() => KubernetesClientConfiguration.IsInCluster()
        ? KubernetesClientConfiguration.InClusterConfig()
        : throw Invalid("This process does not run in a pod. Set Kubernetes__Kubeconfig to a kubeconfig file.");

    private static OptionsValidationException Invalid(string message) =>
        new(ClusterOptions.Section, typeof(ClusterOptions), [message]);
}
