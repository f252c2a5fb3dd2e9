using k8s.Models;

namespace Workspaces.LocalCluster.Node.Volumes;

/// <summary>
/// Issues tokens for the service accounts of pods. The same arguments give the same token until half of its life is over, so
/// that a volume is not rewritten at each look.
/// </summary>
public interface IServiceAccountTokens
{
    string Issue(V1Pod pod, string? audience, TimeSpan lifetime);
}
