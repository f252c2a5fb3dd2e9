using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Node.Volumes;

namespace Workspaces.LocalCluster.Access;

/// <summary>Tokens for pods' volumes. One is given again until half of its life is over, so that the file changes only then.</summary>
internal sealed class PodTokens(ServiceAccountTokens tokens, TimeProvider clock) : IServiceAccountTokens
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

        var reference = new JsonObject { ["metadata"] = new JsonObject { ["name"] = pod.Metadata.Name, ["uid"] = pod.Metadata.Uid } };
        var account = pod.Spec.ServiceAccountName is { Length: > 0 } name ? name : "default";
        var (token, _) = tokens.Issue(pod.Metadata.NamespaceProperty, account, lifetime, audience is null ? null : [audience], reference);
        _issued[key] = (token, now + (lifetime / 2));
        return token;
    }
}
