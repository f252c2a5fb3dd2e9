namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>One rule of the Pod Security Standards, with what it was in each minor version of Kubernetes.</summary>
internal abstract class SecurityCheck(string id, PolicyLevel level)
{
    /// <summary>Its name, by which checks are put in order.</summary>
    public string Id { get; } = id;

    /// <summary>Checks of the baseline hold for restricted pods too.</summary>
    public PolicyLevel Level { get; } = level;

    /// <summary>The first minor version that has it.</summary>
    public virtual int Since => 0;

    /// <summary>The check of the baseline that this stricter one takes the place of.</summary>
    public virtual string? Replaces => null;

    /// <summary>What the pod does that the policy of a minor version forbids; null where nothing.</summary>
    public abstract Violation? Check(SecuredPod pod, int minor);
}
