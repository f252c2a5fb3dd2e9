namespace Workspaces.ServiceDefaults.Bus;

/// <summary>Settings of <see cref="IEventPublisher"/>.</summary>
public sealed class EventPublisherOptions
{
    /// <summary>Longest wait for the broker's confirm. Without the broker MassTransit waits until it is cancelled, so every publish has an end.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(10);
}
