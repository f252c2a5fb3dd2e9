using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Admission.Quota;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Operations;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Housekeeping;

/// <summary>
/// Keeps the status of ResourceQuotas true: takes over limits that changed, and gives back what ended, shrank or went. What comes into use
/// is charged by admission already. Every few minutes all quotas are counted anew, for what only time changes: pods that overstay their end.
/// </summary>
internal sealed class QuotaStatus(ObjectStore store, ObjectWriter writer, TimeProvider clock, ILogger<QuotaStatus> log) : Housekeeper(store, log)
{
    private static readonly WriteOptions Options = new(Caller.System, "kube-controller-manager");
    private static readonly TimeSpan Resync = TimeSpan.FromMinutes(5);

    protected override void Start()
    {
        foreach (var quota in Store.List(ResourceTypes.ResourceQuotas).ToList())
        {
            Count(quota.Namespace!, quota.Name);
        }
    }

    protected override void React(StoredChange change)
    {
        var current = change.Current;
        if (current.Type == ResourceTypes.ResourceQuotas && change.Type != WatchEvent.Deleted)
        {
            Count(current.Namespace!, current.Name);
        }

        if (current.Namespace is { } ns && UsageCatalog.Of(current.Type) is { } rules && GivesBack(change, rules))
        {
            foreach (var quota in Store.List(ResourceTypes.ResourceQuotas, ns).ToList())
            {
                Count(ns, quota.Name);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var following = base.ExecuteAsync(stoppingToken);
        using var timer = new PeriodicTimer(Resync, clock);
        while (!following.IsCompleted && await timer.WaitForNextTickAsync(stoppingToken))
        {
            Try("all quotas", Start);
        }

        await following;
    }

    private bool GivesBack(StoredChange change, UsageRules rules)
    {
        if (change.Type == WatchEvent.Deleted)
        {
            return true;
        }

        if (change.Previous is null || rules is ObjectCountUsage)
        {
            return false;
        }

        var now = clock.GetUtcNow();
        return !rules.Usage(change.Previous.Json, now).SequenceEqual(rules.Usage(change.Current.Json, now))
            || change.Previous.Json.Number("spec", "activeDeadlineSeconds") != change.Current.Json.Number("spec", "activeDeadlineSeconds");
    }

    private void Count(string ns, string name)
    {
        lock (Store.Gate)
        {
            if (Store.Get(ResourceTypes.ResourceQuotas, ns, name) is not { } quota)
            {
                return;
            }

            var status = QuotaCount.Status(quota.Json, Store, clock.GetUtcNow());
            if (JsonNode.DeepEquals(status, quota.Json["status"]))
            {
                return;
            }

            var changed = quota.Copy();
            changed["status"] = status;
            writer.Update(ResourceTypes.ResourceQuotas, ns, name, changed, "status", Options);
        }
    }
}
