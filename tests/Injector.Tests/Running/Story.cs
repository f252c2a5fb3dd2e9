using Workspaces.Contracts;

namespace Workspaces.Injector.Tests.Running;

/// <summary>What consumers read of one workspace.</summary>
internal static class Story
{
    public static IReadOnlyList<T> Read<T>(this RecordingPublisher broker, string id)
        where T : IWorkspaceScopedEvent => [.. broker.Of(id).OfType<T>()];

    /// <summary>Waits for an event; a failure of the workspace ends the wait with its reason.</summary>
    public static async Task<T> UntilAsync<T>(this RecordingPublisher broker, string id, long generation = 1)
        where T : class, IWorkspaceScopedEvent
    {
        await Eventually.TrueAsync(
            () => broker.Read<T>(id).Any(each => each.Generation == generation)
                || (typeof(T) != typeof(WorkspaceFailed) && broker.Read<WorkspaceFailed>(id).Any(each => each.Generation == generation)
                    ? throw new InvalidOperationException($"{broker.Read<WorkspaceFailed>(id)[^1]}") : false),
            typeof(T).Name);
        return broker.Read<T>(id).Last(each => each.Generation == generation);
    }

    /// <summary>Instances that are up.</summary>
    public static IReadOnlyList<InstanceUp> Up(this RecordingPublisher broker, string id)
    {
        var down = broker.Read<InstanceDown>(id).Select(each => each.InstanceId).ToHashSet();
        return [.. broker.Read<InstanceUp>(id).Where(up => !down.Contains(up.InstanceId))];
    }
}
