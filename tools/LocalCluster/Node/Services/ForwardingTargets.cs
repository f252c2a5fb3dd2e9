using System.Net;

namespace Workspaces.LocalCluster.Node.Services;

/// <summary>Where the connections of a <see cref="ForwardedPort"/> go. Decides for each connection anew; connections that are open stay where they are.</summary>
internal sealed class ForwardingTargets
{
    private int _next;
    private volatile IReadOnlyList<IPEndPoint> _targets = [];

    public IReadOnlyList<IPEndPoint> All
    {
        get => _targets;
        set => _targets = value;
    }

    /// <summary>The same client always goes to the same target, as long as the targets stay (sessionAffinity: ClientIP).</summary>
    public bool ByClient { get; set; }

    /// <summary>The targets in the order in which to try them for a client.</summary>
    public IEnumerable<IPEndPoint> For(IPAddress client)
    {
        var targets = _targets;
        if (targets.Count == 0)
        {
            yield break;
        }

        var first = ByClient ? BitConverter.ToUInt32(client.MapToIPv4().GetAddressBytes()) : unchecked((uint)Interlocked.Increment(ref _next));
        for (uint i = 0; i < targets.Count; i++)
        {
            yield return targets[(int)((first + i) % (uint)targets.Count)];
        }
    }
}
