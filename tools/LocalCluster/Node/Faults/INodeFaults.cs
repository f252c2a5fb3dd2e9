namespace Workspaces.LocalCluster.Node.Faults;

/// <summary>
/// What can be made to go wrong with the node, for tests. Everything works at once on the running node; a start of LocalCluster begins without faults.
/// </summary>
public interface INodeFaults
{
    /// <summary>
    /// The node stops reacting, as a machine that hangs: no heartbeats, no status, nothing started or stopped, no exec or logs. What runs goes on running. The node is
    /// NotReady after the grace time.
    /// </summary>
    void Freeze();

    /// <summary>Ends <see cref="Freeze"/>; the node catches up with what happened meanwhile.</summary>
    void Thaw();

    /// <summary>Image pulls fail, as with a registry that cannot be reached.</summary>
    /// <param name="image">The image as pods name it, tag or not; null: every image.</param>
    /// <param name="times">How many pulls fail; null: all until <see cref="AllowPulls"/>.</param>
    void FailPulls(string? image, int? times);

    /// <summary>Ends every <see cref="FailPulls"/>.</summary>
    void AllowPulls();

    /// <summary>
    /// Evicts a pod as the kubelet does under pressure: its containers are ended and it stays with phase Failed and the reason Evicted. Completes when its status says so.
    /// </summary>
    /// <exception cref="Api.ApiStatusException">404: no such pod runs on this node.</exception>
    Task EvictAsync(string ns, string pod, string message);

    /// <summary>Kills a container's first process with SIGKILL, as if it had crashed. Completes when it has ended.</summary>
    /// <exception cref="Api.ApiStatusException">404: no such pod runs on this node, or the container is not running.</exception>
    Task LoseContainerAsync(string ns, string pod, string container);
}
