namespace Workspaces.ServiceDefaults.Bus;

/// <summary>Permissions of one account in RabbitMQ's terms: regular expressions over names of exchanges and queues.</summary>
/// <param name="User">Name of the account.</param>
/// <param name="Configure">What it may declare (and delete).</param>
/// <param name="Write">Exchanges it may publish to, queues it may bind.</param>
/// <param name="Read">Queues it may consume, exchanges it may bind from.</param>
public sealed record BrokerAccount(string User, string Configure, string Write, string Read);
