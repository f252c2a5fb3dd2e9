namespace Workspaces.Cluster.Leading;

/// <summary>What the one leading worker does while it holds its lease.</summary>
public interface IWorkerDuty
{
    /// <summary>
    /// Works until cancelled and returns only when nothing of it goes on any more. Returning or throwing before gives the lease up for a
    /// moment, so that another replica may try.
    /// </summary>
    Task RunAsync(CancellationToken cancellation);
}
