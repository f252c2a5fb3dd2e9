namespace Workspaces.Contracts;

/// <summary>
/// What every event of the suite has in common. Events are facts: they are published after what they say has been stored or
/// observed, and publishing one again gives the same <see cref="EventId"/>.
/// </summary>
public interface IWorkspaceEvent
{
    /// <summary>Deterministic identity (<see cref="Contracts.EventId"/>); consumers use it to recognise duplicates.</summary>
    Guid EventId { get; }

    /// <summary>UTC time of the fact itself, not of its publishing.</summary>
    DateTimeOffset OccurredAt { get; }
}
