using System.Text.RegularExpressions;

namespace Workspaces.ServiceDefaults.Bus;

/// <summary>
/// The broker accounts, one per service. Each may declare the whole topology, because any service may be the first to start, but
/// may publish only to the exchanges of its own events and consume only queues of its own prefix.
/// Queues of others are writable for the sake of binding them; that gives no way to publish into them, because no account may
/// write to the default exchange, and what a service binds there from exchanges of its own is refused by <see cref="OriginFilter"/>.
/// </summary>
public static partial class BrokerAccounts
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

    /// <summary>
    /// The account of another team: it makes, binds and reads queues whose names begin with its own and a dot, may bind them to the feed, and
    /// nothing else. It sees no queue of a service and no event before it is in the log, and it cannot publish to the feed.
    /// </summary>
    /// <param name="team">Name of the account: lower-case letters, digits and hyphens, and no service's name.</param>
    /// <exception cref="ArgumentException">The name would reach what belongs to others.</exception>
    public static BrokerAccount Subscriber(string team)
    {
        if (!TeamName().IsMatch(team) || Enum.GetValues<ServiceName>().Any(service => service.Key() == team) || Topology.FeedExchange.StartsWith($"{team}.", StringComparison.Ordinal))
        {
            throw new ArgumentException($"'{team}' cannot be a subscriber's account: its name is lower-case letters, digits and hyphens, and not one of the suite's own.", nameof(team));
        }

        var own = $"{team}\\..*";
        return new BrokerAccount(team, Configure: AnyOf([own]), Write: AnyOf([own]), Read: AnyOf([own, Regex.Escape(Topology.FeedExchange)]));
    }

    private static string AnyOf(IEnumerable<string> patterns) => $"^({string.Join('|', patterns)})$";

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    private static partial Regex TeamName();
}
