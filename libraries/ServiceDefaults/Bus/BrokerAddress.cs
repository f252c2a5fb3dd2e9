using Microsoft.Extensions.Configuration;
using RabbitMQ.Client;

namespace Workspaces.ServiceDefaults.Bus;

/// <summary>Where the broker is, and the account to use: the connection string <c>rabbitmq</c>, an AMQP URI.</summary>
public sealed class BrokerAddress
{
    private readonly Uri _uri;
    private readonly ServiceName _service;

    /// <summary>Reads the connection string.</summary>
    /// <exception cref="InvalidOperationException">It is missing, or not an AMQP URI.</exception>
    public BrokerAddress(IConfiguration configuration, ServiceName service)
    {
        const string Hint = "set it to amqp://USER:PASSWORD@HOST:PORT/ (amqps for TLS).";
        var text = configuration.GetConnectionString("rabbitmq")
            ?? throw new InvalidOperationException($"The connection string 'rabbitmq' is missing: {Hint}");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps"))
        {
            throw new InvalidOperationException($"The connection string 'rabbitmq' is not an AMQP URI: {Hint}");
        }

        _uri = uri;
        _service = service;
    }

    /// <summary>
    /// A connection factory of RabbitMQ.Client. Without automatic recovery: whoever holds a connection here notices its end and
    /// does again what it must, which recovery behind its back cannot know.
    /// </summary>
    /// <param name="purpose">Shown in the broker's list of connections.</param>
    public ConnectionFactory CreateFactory(string purpose) => new()
    {
        Uri = _uri,
        ClientProvidedName = $"{_service.Key()} {purpose}",
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
        RequestedConnectionTimeout = TimeSpan.FromSeconds(5),
        ContinuationTimeout = TimeSpan.FromSeconds(10),
        RequestedHeartbeat = TimeSpan.FromSeconds(20),
    };
}
