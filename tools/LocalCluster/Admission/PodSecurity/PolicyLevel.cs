namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>How strict a policy is, from the least (https://kubernetes.io/docs/concepts/security/pod-security-standards).</summary>
internal enum PolicyLevel
{
    /// <summary>Everything is allowed.</summary>
    Privileged,

    /// <summary>Nothing that is known to reach out of the pod.</summary>
    Baseline,

    /// <summary>Pods hardened by what is good practice today.</summary>
    Restricted,
}
