using k8s.Models;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>
/// Whether a container that has ended runs again: its own restartPolicyRules first, then its own restartPolicy, then the pod's
/// (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy).
/// </summary>
internal static class RestartPolicies
{
    public static bool Restarts(V1Pod pod, V1Container container, int exitCode)
    {
        if (container.RestartPolicy is { } own)
        {
            return (container.RestartPolicyRules ?? []).Any(rule => rule.Action == "Restart" && Matches(rule, exitCode)) || Decide(own, exitCode);
        }

        return Decide(pod.Spec.RestartPolicy ?? "Always", exitCode);
    }

    private static bool Decide(string policy, int exitCode) => policy switch
    {
        "Never" => false,
        "OnFailure" => exitCode != 0,
        _ => true,
    };

    private static bool Matches(V1ContainerRestartRule rule, int exitCode) =>
        rule.ExitCodes is { } codes && (codes.Values ?? []).Contains(exitCode) == (codes.OperatorProperty == "In");
}
