using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Housekeeping;

/// <summary>
/// A part of the cluster that reacts to changes of any kind. It looks at what is stored now and not at what the change said, so that a change
/// seen twice or late does no harm.
/// </summary>
internal abstract class Housekeeper(ObjectStore store, ILogger log) : BackgroundService
{
    protected ObjectStore Store => store;

    /// <summary>What a restart must look at: everything that a change would have said.</summary>
    protected abstract void Start();

    protected abstract void React(StoredChange change);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var changes = store.Follow();
        Try("start", Start);
        await foreach (var change in changes.ReadAllAsync(stoppingToken))
        {
            Try(change.Current.Name, () => React(change));
        }
    }

    /// <summary>Does something that the API may refuse: the next change, or the next time, looks again.</summary>
    protected void Try(string about, Action action)
    {
        try
        {
            action();
        }
        catch (Api.ApiStatusException e)
        {
            // Refused for a reason of its own (a terminating namespace, an object that went meanwhile): the next change looks again.
            HousekeepingLog.Refused(log, GetType().Name, about, e.Message);
        }
    }
}
