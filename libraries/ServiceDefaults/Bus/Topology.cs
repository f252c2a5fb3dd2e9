using Workspaces.Contracts;

namespace Workspaces.ServiceDefaults.Bus;

/// <summary>
/// Everything durable on the broker, as data: which exchange each event goes to, who publishes it, and which queues it ends up in.
/// <see cref="TopologyDeclarer"/> declares all of it from every service before that service publishes, because an event that is
/// published before a queue is bound is dropped without an error.
/// </summary>
public static class Topology
{
    /// <summary>Queue of the Provisioner: commands for standalone workspaces.</summary>
    public const string ProvisionerQueue = "provisioner.commands";

    /// <summary>Queue of the Injector: commands for injected workspaces.</summary>
    public const string InjectorQueue = "injector.commands";

    /// <summary>Queue of Requests: what the read model and the clock are fed from.</summary>
    public const string RequestsQueue = "requests.events";

    /// <summary>Queue of the Auditor: everything that is logged.</summary>
    public const string AuditorQueue = "auditor.log";

    /// <summary>The exchange that other teams subscribe to; only the Auditor publishes there, after an event is stored.</summary>
    public const string FeedExchange = "workspaces.events";

    /// <summary>Start of the names of all event exchanges.</summary>
    public const string ExchangePrefix = "Workspaces.Contracts:";

    internal const string UrnPrefix = "urn:message:";

    private static readonly ServiceName[] Workers = [ServiceName.Provisioner, ServiceName.Injector];

    private static readonly EventExchange[] AllExchanges =
    [
        new(typeof(WorkspaceRequested), [ServiceName.Requests]),
        new(typeof(WorkspaceStartRequested), [ServiceName.Requests]),
        new(typeof(WorkspaceStopRequested), [ServiceName.Requests]),
        new(typeof(WorkspaceDeletionRequested), [ServiceName.Requests]),
        new(typeof(UserKeysChanged), [ServiceName.Requests]),
        new(typeof(WorkspaceProgressed), Workers),
        new(typeof(WorkspaceReady), Workers),
        new(typeof(WorkspaceFailed), Workers),
        new(typeof(WorkspaceStopped), Workers),
        new(typeof(WorkspaceDeleted), Workers),
        new(typeof(InstanceUp), Workers),
        new(typeof(InstanceDown), Workers),
        new(typeof(SessionOpened), [ServiceName.Proxy]),
        new(typeof(SessionClosed), [ServiceName.Proxy]),
        new(typeof(ChannelOpened), [ServiceName.Proxy]),
        new(typeof(AuthenticationFailed), [ServiceName.Proxy]),
        new(typeof(WorkspaceActivity), [ServiceName.Proxy]),
    ];

    private static readonly Dictionary<Type, EventExchange> ByType = AllExchanges.ToDictionary(exchange => exchange.EventType);

    private static readonly Type[] Commands =
        [typeof(WorkspaceRequested), typeof(WorkspaceStartRequested), typeof(WorkspaceStopRequested), typeof(WorkspaceDeletionRequested)];

    private static readonly Type[] Lifecycle =
        [typeof(WorkspaceProgressed), typeof(WorkspaceReady), typeof(WorkspaceFailed), typeof(WorkspaceStopped), typeof(WorkspaceDeleted)];

    private static readonly Type[] Instances = [typeof(InstanceUp), typeof(InstanceDown)];

    /// <summary>One exchange per type of event.</summary>
    public static IReadOnlyList<EventExchange> Exchanges => AllExchanges;

    /// <summary>All durable queues.</summary>
    public static IReadOnlyList<DurableQueue> Queues { get; } =
    [
        new(ProvisionerQueue, ServiceName.Provisioner, Bind(Commands, EventRouting.KeyOf(WorkspaceModel.Standalone))),
        new(InjectorQueue, ServiceName.Injector, Bind(Commands, EventRouting.KeyOf(WorkspaceModel.Injection))),
        new(RequestsQueue, ServiceName.Requests, Bind([.. Lifecycle, .. Instances, typeof(WorkspaceActivity)])),
        new(AuditorQueue, ServiceName.Auditor, Bind(AllExchanges.Select(e => e.EventType).Except([typeof(WorkspaceActivity)])), SingleActiveConsumer: true),
    ];

    /// <summary>What each Proxy's own temporary queue is bound to. That queue is not durable: a Proxy that was away reads a snapshot.</summary>
    public static IReadOnlyList<QueueBinding> ProxyBindings { get; } =
        Bind([.. Instances, .. Lifecycle, typeof(WorkspaceRequested), typeof(WorkspaceStartRequested), typeof(WorkspaceStopRequested),
            typeof(WorkspaceDeletionRequested), typeof(UserKeysChanged)]);

    /// <summary>The exchange of a type of event.</summary>
    /// <exception cref="ArgumentException">It is not an event of the contracts.</exception>
    public static EventExchange ExchangeOf(Type eventType) => ByType.TryGetValue(eventType, out var exchange)
        ? exchange
        : throw new ArgumentException($"{eventType} has no exchange; add it to {nameof(Topology)}.", nameof(eventType));

    /// <summary>The durable queue that a service reads; null for the Proxy, whose queue is temporary.</summary>
    public static DurableQueue? QueueOf(ServiceName service) => Queues.SingleOrDefault(queue => queue.Owner == service);

    /// <summary>
    /// Arguments that a durable queue is declared with. RabbitMQ 4 drops a message after 20 deliveries unless told otherwise, and a
    /// delivery counts each time a connection breaks: the limit is set out of reach, because giving up is for operators.
    /// </summary>
    public static IReadOnlyDictionary<string, object?> ArgumentsOf(DurableQueue queue)
    {
        var arguments = new Dictionary<string, object?> { ["x-queue-type"] = "quorum", ["x-delivery-limit"] = 1_000_000 };
        if (queue.SingleActiveConsumer)
        {
            arguments["x-single-active-consumer"] = true;
        }

        return arguments;
    }

    private static QueueBinding[] Bind(IEnumerable<Type> eventTypes, string routingKey = QueueBinding.Everything) =>
        [.. eventTypes.Select(type => new QueueBinding(ExchangeOf(type), routingKey))];
}
