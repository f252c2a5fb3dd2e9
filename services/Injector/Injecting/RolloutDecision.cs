using Workspaces.Cluster.Reconciling;
using Workspaces.Cluster.Records;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;

namespace Workspaces.Injector.Injecting;

/// <summary>
/// Decides about a rollout: ready, wait, or give up. It is given up only for what the workspace itself has done: a service that does not
/// come up is what people want to enter. Pure: time is passed in, and since when a trouble lasts stands in the record.
/// </summary>
internal static class RolloutDecision
{
    /// <summary>How often to look while it is going on: the watch tells of pods, nothing tells of the controller.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <summary>The record after the decision, and when to look again if nothing happens until then.</summary>
    public static Step Decide(WorkspaceRecord record, RolloutFacts facts, DateTimeOffset now, ReconcileOptions options)
    {
        var injection = record.Injection!;
        var deadline = injection.At + options.StartWithin;
        if (facts.Up >= facts.Wanted && facts.IsReplaced && facts.Up > 0)
        {
            return Ready(record, facts, injection.Notes);
        }

        if (facts.Trouble is { Patience: Patience.None } hopeless)
        {
            return new Step(record.Fail(hopeless.Reason, hopeless.Message, now));
        }

        if (facts.Up > 0 && facts.IsHeldUpByTarget)
        {
            return Ready(record, facts, injection.Notes);
        }

        if (now >= deadline)
        {
            return facts.Trouble is { } lasting ? new Step(record.Fail(lasting.Reason, lasting.Message, now))
                : facts.Up > 0 ? Ready(record, facts, injection.Notes)
                : new Step(record.Fail(FailureReason.Timeout, TimeoutMessage(facts, injection, options), now));
        }

        if (facts.Trouble is not { Patience: Patience.Short } trouble)
        {
            return new Step(record.Trouble is null ? record : record with { Trouble = null }, Poll);
        }

        if (record.Trouble?.Reason != trouble.Reason)
        {
            return new Step(record with { Trouble = new Trouble(trouble.Reason, now) });
        }

        return now >= record.Trouble.Since + options.TroubleMayLast
            ? new Step(record.Fail(trouble.Reason, trouble.Message, now))
            : new Step(record, Poll);
    }

    private static Step Ready(WorkspaceRecord record, RolloutFacts facts, string? notes) =>
        new(record.Ready(facts.Up, facts.Wanted, record.LastEventAt, notes));

    private static string TimeoutMessage(RolloutFacts facts, InjectionState injection, ReconcileOptions options)
    {
        var message = $"No pod of {facts.Title} with the workspace in it was ready within {options.StartWithin:g}.";
        return injection.WasHealthy ? message : $"{message} {injection.Notes}";
    }
}
