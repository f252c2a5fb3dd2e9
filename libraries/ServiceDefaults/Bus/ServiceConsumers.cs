namespace Workspaces.ServiceDefaults.Bus;

/// <summary>
/// The consumers of this service. Configured by type, because MassTransit's "all consumers" leaves out those that were configured
/// before, and a queue that is stopped and started again needs them again.
/// </summary>
internal sealed record ServiceConsumers(IReadOnlyList<Type> Types);
