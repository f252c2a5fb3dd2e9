namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>A level as it was in one minor version of Kubernetes; the latest where there is none.</summary>
internal sealed record Policy(PolicyLevel Level, int? Minor)
{
    public static Policy Default { get; } = new(PolicyLevel.Privileged, null);

    /// <summary>As messages show it: <c>restricted:latest</c>.</summary>
    public override string ToString() => $"{Level.ToString().ToLowerInvariant()}:{(Minor is null ? "latest" : $"v1.{Minor}")}";
}
