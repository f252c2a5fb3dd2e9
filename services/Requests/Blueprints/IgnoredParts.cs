using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;

namespace Workspaces.Requests.Blueprints;

/// <summary>A part of a blueprint that an injected workspace goes without.</summary>
/// <param name="Field">Key in the blueprint, dots between levels.</param>
/// <param name="Reason">Why.</param>
public sealed record IgnoredPart(string Field, string Reason);

/// <summary>Which parts of a blueprint the model does not take (the table in the blueprint reference).</summary>
public static class IgnoredParts
{
    /// <summary>What is ignored; nothing for standalone.</summary>
    public static IReadOnlyList<IgnoredPart> Of(Blueprint blueprint, string owner, WorkspaceTarget? target) =>
        target is null ? [] : [.. Injection(blueprint, owner, target.Mode)];

    private static IEnumerable<IgnoredPart> Injection(Blueprint blueprint, string owner, InjectionMode mode)
    {
        if (blueprint.Podman is { Enabled: true })
        {
            yield return new IgnoredPart("podman", "not available in injection");
        }

        if (blueprint.Network is not null)
        {
            yield return new IgnoredPart("network", "the workload's own network policies govern");
        }

        if (blueprint.Scheduling is { } scheduling
            && (scheduling.NodeSelector is { Count: > 0 } || scheduling.Tolerations is { Count: > 0 } || scheduling.PriorityClassName is { Length: > 0 }))
        {
            yield return new IgnoredPart("scheduling", "the workload decides where its pods run");
        }

        if (mode is InjectionMode.Live && blueprint.Resources is not null)
        {
            yield return new IgnoredPart("resources", "ephemeral containers take no resources");
        }

        foreach (var (name, storage) in blueprint.Storage ?? new Dictionary<string, BlueprintStorage>())
        {
            if (StorageReason(storage, Home(blueprint, owner), mode) is { } reason)
            {
                yield return new IgnoredPart($"storage.{name}", reason);
            }
        }
    }

    private static string? StorageReason(BlueprintStorage storage, string home, InjectionMode mode)
    {
        var readWriteOnce = storage.AccessModes is null || storage.AccessModes.Any(access => access is "ReadWriteOnce" or "ReadWriteOncePod");
        var path = storage.Path.TrimEnd('/');
        var underHome = path == home || path.StartsWith(home + "/", StringComparison.Ordinal);
        return storage.Type is BlueprintStorageType.Volume && (readWriteOnce || underHome) ? "the workload's replicas would share one volume"
            : mode is InjectionMode.Live ? "a running pod takes no new volumes; rollout mode does"
            : null;
    }

    private static string Home(Blueprint blueprint, string owner) =>
        (blueprint.User?.Name ?? owner) is var user && user == "root" ? "/root" : $"/home/{user}";
}
