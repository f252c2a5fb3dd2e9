namespace Workspaces.LocalSuite.Layout;

/// <summary>Every port of the suite, all on 127.0.0.1.</summary>
public sealed record SuitePorts
{
    /// <summary>First of the well-known ports.</summary>
    public const int WellKnownBase = 7400;

    /// <summary>HTTP of Requests.</summary>
    public required int Requests { get; init; }

    /// <summary>HTTP of the Auditor.</summary>
    public required int Auditor { get; init; }

    /// <summary>HTTP of the Provisioner (health).</summary>
    public required int Provisioner { get; init; }

    /// <summary>HTTP of the Injector (health).</summary>
    public required int Injector { get; init; }

    /// <summary>HTTP of the Proxy: health, apps.</summary>
    public required int Proxy { get; init; }

    /// <summary>SSH of the Proxy.</summary>
    public required int Ssh { get; init; }

    /// <summary>HTTPS of LocalCluster's API.</summary>
    public required int Cluster { get; init; }

    /// <summary>HTTP of LocalCluster's health and faults.</summary>
    public required int ClusterSide { get; init; }

    /// <summary>PostgreSQL.</summary>
    public required int Postgres { get; init; }

    /// <summary>AMQP.</summary>
    public required int RabbitMq { get; init; }

    /// <summary>RabbitMQ's Erlang distribution.</summary>
    public required int RabbitMqDistribution { get; init; }

    /// <summary>RabbitMQ's Erlang port mapper.</summary>
    public required int RabbitMqPortMapper { get; init; }

    /// <summary>RabbitMQ's management pages and API.</summary>
    public required int RabbitMqManagement { get; init; }

    /// <summary>Ports that clients know: SSH on 2222, the Kubernetes API on 6443, the rest from 7400 on.</summary>
    public static SuitePorts WellKnown { get; } = From(WellKnownBase) with { Ssh = 2222, Cluster = 6443, ClusterSide = 6444 };

    /// <summary>Ports at fixed distances from a first one.</summary>
    public static SuitePorts From(int first) => new()
    {
        Requests = first,
        Auditor = first + 10,
        Provisioner = first + 20,
        Ssh = first + 22,
        Injector = first + 30,
        Postgres = first + 32,
        Proxy = first + 40,
        Cluster = first + 43,
        ClusterSide = first + 44,
        RabbitMq = first + 72,
        RabbitMqDistribution = first + 73,
        RabbitMqPortMapper = first + 74,
        RabbitMqManagement = first + 75,
    };

    /// <summary>Any thirteen ports.</summary>
    public static SuitePorts Of(IReadOnlyList<int> ports) => new()
    {
        Requests = ports[0],
        Auditor = ports[1],
        Provisioner = ports[2],
        Injector = ports[3],
        Proxy = ports[4],
        Ssh = ports[5],
        Cluster = ports[6],
        ClusterSide = ports[7],
        Postgres = ports[8],
        RabbitMq = ports[9],
        RabbitMqDistribution = ports[10],
        RabbitMqPortMapper = ports[11],
        RabbitMqManagement = ports[12],
    };
}
