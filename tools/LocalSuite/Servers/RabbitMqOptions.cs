namespace Workspaces.LocalSuite.Servers;

/// <summary>Where and how a local RabbitMQ runs.</summary>
/// <param name="Folder">Folder of its own: data, configuration, Erlang cookie.</param>
/// <param name="Ports">Its ports, all on 127.0.0.1.</param>
/// <param name="Accounts">Who may connect. Written at every start: an account that is left out here loses nothing by it.</param>
/// <param name="LogFile">Where its output goes.</param>
public sealed record RabbitMqOptions(string Folder, RabbitMqPorts Ports, IReadOnlyList<RabbitMqAccount> Accounts, string LogFile);

/// <summary>Ports of a broker.</summary>
/// <param name="Amqp">AMQP 0-9-1.</param>
/// <param name="Management">HTTP API and pages of the management plugin.</param>
/// <param name="Distribution">Erlang distribution: used by <c>rabbitmqctl</c> and by other nodes, of which there are none.</param>
/// <param name="PortMapper">Erlang port mapper (epmd), one of this node's own.</param>
public sealed record RabbitMqPorts(int Amqp, int Management, int Distribution, int PortMapper);

/// <summary>An account on the broker, with permissions on the default virtual host as regular expressions of resource names.</summary>
public sealed record RabbitMqAccount(string Name, string Password)
{
    /// <summary>What it may declare and delete.</summary>
    public string Configure { get; init; } = ".*";

    /// <summary>What it may publish to and bind from.</summary>
    public string Write { get; init; } = ".*";

    /// <summary>What it may consume and bind to.</summary>
    public string Read { get; init; } = ".*";

    /// <summary>May use the management API, and everything there is.</summary>
    public bool Administrator { get; init; }
}
