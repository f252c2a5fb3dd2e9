using System.Text.RegularExpressions;

namespace Workspaces.ServiceDefaults.Bus;

/// <summary>
/// The broker accounts, one per service. Each may declare the whole topology, because any service may be the first to start, but
/// may publish only to the exchanges of its own events and consume only queues of its own prefix.
/// Queues of others are writable for the sake of binding them; that gives no way to publish into them, because no account may
/// write to the default exchange, and what a service binds there from exchanges of its own is refused by <see cref="OriginFilter"/>.
/// </summary>
public static class BrokerAccounts
{
    /// <summary>All accounts.</summary>
    public static IReadOnlyList<BrokerAccount> All { get; } = [.. Enum.GetValues<ServiceName>().Select(Of)];

    /// <summary>The account of a service.</summary>
    public static BrokerAccount Of(ServiceName service)
    {
        var own = $"{service.Key()}\\..*";
        var queues = Topology.Queues.Select(queue => Regex.Escape(queue.Name));
        var events = $"{Regex.Escape(Topology.ExchangePrefix)}.*";
        var feed = Regex.Escape(Topology.FeedExchange);
        var published = Topology.Exchanges.Where(exchange => exchange.Publishers.Contains(service)).Select(exchange => Regex.Escape(exchange.Name));
        return new BrokerAccount(
            service.Key(),
            Configure: AnyOf([own, events, feed, .. queues]),
            Write: AnyOf([own, .. published, .. queues, .. service == ServiceName.Auditor ? [feed] : Array.Empty<string>()]),
            Read: AnyOf([own, events]));
    }

    private static string AnyOf(IEnumerable<string> patterns) => $"^({string.Join('|', patterns)})$";
}
