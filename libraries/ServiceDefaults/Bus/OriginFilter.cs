using MassTransit;

namespace Workspaces.ServiceDefaults.Bus;

/// <summary>
/// The broker's permissions decide who may write to which exchange, but it does not look into messages: without this filter, an
/// account that may publish only SessionOpened could publish an envelope there that says InstanceUp. So a message must come
/// through the exchange of the type it claims. Replayed messages come through the default exchange, to which no service may write.
/// </summary>
internal sealed class OriginFilter : IFilter<ConsumeContext>
{
    private static readonly HashSet<string> EventUrns = [.. Topology.Exchanges.Select(exchange => exchange.Urn)];

    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        if (context.ReceiveContext.TryGetPayload<RabbitMqBasicConsumeContext>(out var delivery)
            && !Fits(delivery.Exchange, context.SupportedMessageTypes))
        {
            throw new UninterpretableMessageException(
                $"A message that came through the exchange '{delivery.Exchange}' claims to be {string.Join(", ", context.SupportedMessageTypes)}.");
        }

        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("origin");

    /// <summary>Whether a message that came through <paramref name="exchange"/> may claim these types.</summary>
    internal static bool Fits(string exchange, IEnumerable<string> claimedUrns) =>
        exchange.Length == 0 || claimedUrns.Where(EventUrns.Contains).All(urn => urn == Topology.UrnPrefix + exchange);
}
