namespace Workspaces.ServiceDefaults.Bus;

/// <summary>The exchange that events of one type are published to: durable, of type <c>topic</c>.</summary>
/// <param name="EventType">The type, from the contracts.</param>
/// <param name="Publishers">The services that may publish it.</param>
public sealed record EventExchange(Type EventType, IReadOnlyList<ServiceName> Publishers)
{
    /// <summary>Name on the broker: <c>Workspaces.Contracts:InstanceUp</c>, as MassTransit names it by default.</summary>
    public string Name { get; } = $"{EventType.Namespace}:{EventType.Name}";

    /// <summary>How envelopes name the type.</summary>
    public string Urn => $"{Topology.UrnPrefix}{Name}";
}
