using Marten;

namespace Workspaces.Auditor.Log;

/// <summary>
/// What is known about the workspaces and instances that some messages are about: from earlier messages, and from these.
/// Facts are first come, first kept: a second request with the same workspace id does not change what was logged before.
/// </summary>
internal sealed class KnownFacts
{
    private readonly Dictionary<string, WorkspaceFacts> _workspaces = [];
    private readonly Dictionary<Guid, InstanceFacts> _instances = [];

    /// <summary>Looks up what earlier messages said.</summary>
    public static async Task<KnownFacts> LoadAsync(IQuerySession session, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancellationToken)
    {
        var facts = new KnownFacts();
        var workspaces = messages.Select(message => message.WorkspaceId).OfType<string>().Distinct().ToArray();
        foreach (var known in await session.LoadManyAsync<WorkspaceFacts>(cancellationToken, workspaces))
        {
            facts._workspaces[known.Id] = known;
        }

        var instances = messages.Select(message => message.InstanceId).OfType<Guid>().Distinct().ToArray();
        foreach (var known in await session.LoadManyAsync<InstanceFacts>(cancellationToken, instances))
        {
            facts._instances[known.Id] = known;
        }

        return facts;
    }

    /// <summary>Learns what a message says, and returns what there is to remember of it.</summary>
    public IEnumerable<object> Learn(ReceivedMessage message)
    {
        if (message is { WorkspaceId: { } workspace, Owner: { } owner })
        {
            var facts = new WorkspaceFacts { Id = workspace, Owner = owner, Target = message.Target };
            if (_workspaces.TryAdd(workspace, facts))
            {
                yield return facts;
            }
        }

        if (message is { InstanceId: { } instance, Target: { } target })
        {
            var facts = new InstanceFacts { Id = instance, Target = target, Pod = message.Pod };
            if (_instances.TryAdd(instance, facts))
            {
                yield return facts;
            }
        }
    }

    /// <summary>Owner of the workspace that a message is about.</summary>
    public string? OwnerOf(ReceivedMessage message) => message.Owner ?? WorkspaceOf(message)?.Owner;

    /// <summary>Workload that a message is about: its own word, the instance's, the workspace's.</summary>
    public string? TargetOf(ReceivedMessage message) =>
        message.Target
        ?? (message.InstanceId is { } id ? _instances.GetValueOrDefault(id)?.Target : null)
        ?? WorkspaceOf(message)?.Target;

    private WorkspaceFacts? WorkspaceOf(ReceivedMessage message) => message.WorkspaceId is { } id ? _workspaces.GetValueOrDefault(id) : null;
}
