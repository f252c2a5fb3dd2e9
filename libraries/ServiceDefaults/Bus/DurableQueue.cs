namespace Workspaces.ServiceDefaults.Bus;

/// <summary>A queue that exists whether its reader runs or not: a quorum queue.</summary>
/// <param name="Name">Name; starts with the owner's name, so that permissions by prefix work.</param>
/// <param name="Owner">The one service that reads it.</param>
/// <param name="Bindings">What goes into it.</param>
/// <param name="SingleActiveConsumer">Only one reader at a time gets messages, so that their order is kept.</param>
public sealed record DurableQueue(string Name, ServiceName Owner, IReadOnlyList<QueueBinding> Bindings, bool SingleActiveConsumer = false);
