using System.Collections.Concurrent;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Node.Volumes;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Access;

/// <summary>Tokens for pods' volumes. One is given again until half of its life is over, so that the file changes only then.</summary>
internal sealed class PodTokens(ServiceAccountTokens tokens, ObjectStore store, TimeProvider clock) : IServiceAccountTokens
{
    private readonly ConcurrentDictionary<(string Pod, string? Audience, TimeSpan Lifetime), (string Token, DateTimeOffset RenewAt)> _issued = new();

    public string Issue(V1Pod pod, string? audience, TimeSpan lifetime)
    {
        var key = (pod.Metadata.Uid, audience, lifetime);
        var now = clock.GetUtcNow();
        if (_issued.TryGetValue(key, out var issued) && now < issued.RenewAt)
        {
            return issued.Token;
        }

        foreach (var (old, _) in _issued.Where(i => i.Value.RenewAt < now - lifetime))
        {
            _issued.TryRemove(old, out _);
        }

        var node = store.Get(ResourceTypes.Nodes, null, pod.Spec.NodeName ?? "");
        var binding = TokenBinding.ToPod(pod.Metadata.Name, pod.Metadata.Uid, node is null ? null : new TokenBinding("node", node.Name, node.Uid));
        var account = pod.Spec.ServiceAccountName is { Length: > 0 } name ? name : "default";
        var (token, _) = tokens.Issue(pod.Metadata.NamespaceProperty, account, lifetime, audience is null ? null : [audience], binding);
        _issued[key] = (token, now + (lifetime / 2));
        return token;
    }
}
