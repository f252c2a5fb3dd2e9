using System.Reflection;
using System.Text.Json.Nodes;
using Workspaces.Auditor.Feed;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Bus;
using Workspaces.ServiceDefaults.Webhooks;

namespace Workspaces.Auditor.Documents;

/// <summary>The feed as AsyncAPI 3.0 describes it, made from the contracts: channels, messages, and where each event is to be had.</summary>
internal static class AsyncApiDocument
{
    /// <summary>Where it is served. Schemas are beside it, and referred to from it.</summary>
    public const string Path = "/v1/asyncapi.json";

    private const string HeadSummary = "The head of the log, signed, for others to keep. It is no entry of the log and stands in no page or stream; published where the log is signed.";

    /// <summary>The document.</summary>
    public static JsonObject Document { get; } = Create();

    private static JsonObject Create() => new()
    {
        ["asyncapi"] = "3.0.0",
        ["info"] = new JsonObject
        {
            ["title"] = "Workspaces events",
            ["version"] = typeof(IWorkspaceEvent).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0],
            ["description"] = "Every event of Workspaces, fed from the log after it is stored: CloudEvents 1.0, each at least once, with its place in the log. "
                + "'source' and 'id' together are the duplicate key. Events of one workspace come in their order. Fields, events and enum values may be added; none is renamed.",
            ["license"] = new JsonObject { ["name"] = "MIT" },
        },
        ["defaultContentType"] = "application/json",
        ["servers"] = new JsonObject
        {
            ["broker"] = Server("amqp", "RabbitMQ. CloudEvents in binary mode: attributes are headers with the prefix 'cloudEvents:'."),
            ["auditor"] = Server("https", "The Auditor's HTTP API: pages, Server-Sent Events, and webhooks that it sends."),
        },
        ["channels"] = Channels(),
        ["operations"] = Operations(),
        ["components"] = new JsonObject
        {
            ["messages"] = Messages(),
            ["schemas"] = new JsonObject { ["CloudEvent"] = CloudEventSchema.Envelope(), ["CloudEventHeaders"] = CloudEventSchema.Headers(), ["WebhookHeaders"] = WebhookHeaders(), [CloudEvent.HeadType] = Head() },
        },
    };

    private static JsonObject Server(string protocol, string description) => new()
    {
        ["host"] = "{host}",
        ["protocol"] = protocol,
        ["description"] = description,
        ["variables"] = new JsonObject { ["host"] = new JsonObject { ["description"] = "Host and port of your installation." } },
    };

    private static JsonObject Channels()
    {
        var channels = new JsonObject();
        foreach (var type in EventSchemas.Types)
        {
            var address = FeedAddress.Of(type);
            channels[type.Name] = new JsonObject
            {
                ["address"] = address.Template,
                ["description"] = EventSchemas.SummaryOf(type),
                ["servers"] = new JsonArray(Reference("servers/broker")),
                ["parameters"] = new JsonObject(address.Parameters.Select(parameter => KeyValuePair.Create(parameter.Key, (JsonNode?)new JsonObject { ["description"] = parameter.Value }))),
                ["messages"] = new JsonObject { [type.Name] = Reference($"components/messages/{type.Name}") },
                ["bindings"] = OnTheBroker(),
            };
        }

        channels[CloudEvent.HeadType] = new JsonObject
        {
            ["address"] = FeedRouting.HeadKey,
            ["description"] = HeadSummary,
            ["servers"] = new JsonArray(Reference("servers/broker")),
            ["messages"] = new JsonObject { [CloudEvent.HeadType] = Reference($"components/messages/{CloudEvent.HeadType}") },
            ["bindings"] = OnTheBroker(),
        };
        channels["Http"] = Channel("/v1/events", "Pages of the log, or the log as Server-Sent Events (Accept: text/event-stream; each 'data' is a CloudEvent in JSON).", EnvelopeMessages());
        channels["Webhook"] = Channel(address: null, "Webhooks after Standard Webhooks, to the URL of a subscription (POST /v1/subscriptions): a CloudEvent in JSON.", EnvelopeMessages());
        return channels;
    }

    private static JsonObject OnTheBroker() => new()
    {
        ["amqp"] = new JsonObject
        {
            ["is"] = "routingKey",
            ["exchange"] = new JsonObject { ["name"] = Topology.FeedExchange, ["type"] = "topic", ["durable"] = true, ["autoDelete"] = false },
            ["bindingVersion"] = "0.3.0",
        },
    };

    private static JsonObject Channel(string? address, string description, JsonObject messages) => new()
    {
        ["address"] = address,
        ["description"] = description,
        ["servers"] = new JsonArray(Reference("servers/auditor")),
        ["messages"] = messages,
    };

    private static JsonObject EnvelopeMessages() => new() { ["CloudEvent"] = Reference("components/messages/CloudEvent") };

    private static JsonObject Operations() => new(EventSchemas.Types.Select(type => type.Name).Concat([CloudEvent.HeadType, "Http", "Webhook"]).Select(name =>
        KeyValuePair.Create($"send{name}", (JsonNode?)new JsonObject { ["action"] = "send", ["channel"] = Reference($"channels/{name}") })));

    private static JsonObject Messages()
    {
        var messages = new JsonObject();
        foreach (var type in EventSchemas.Types)
        {
            messages[type.Name] = new JsonObject
            {
                ["name"] = CloudEvent.TypePrefix + type.Name,
                ["title"] = type.Name,
                ["summary"] = EventSchemas.SummaryOf(type),
                ["contentType"] = "application/json",
                ["headers"] = Reference("components/schemas/CloudEventHeaders"),
                ["payload"] = new JsonObject { ["$ref"] = $"schemas/{type.Name}.json" },
                ["examples"] = new JsonArray(new JsonObject { ["name"] = type.Name, ["payload"] = EventExamples.All[type.Name].DeepClone() }),
            };
        }

        messages[CloudEvent.HeadType] = new JsonObject
        {
            ["name"] = CloudEvent.TypePrefix + CloudEvent.HeadType,
            ["title"] = CloudEvent.HeadType,
            ["summary"] = HeadSummary,
            ["contentType"] = "application/json",
            ["headers"] = Reference("components/schemas/CloudEventHeaders"),
            ["payload"] = Reference($"components/schemas/{CloudEvent.HeadType}"),
        };
        messages["CloudEvent"] = new JsonObject
        {
            ["title"] = "A CloudEvent in JSON",
            ["summary"] = "Any event of Workspaces; its 'type' says which schema its 'data' has.",
            ["contentType"] = "application/cloudevents+json",
            ["headers"] = Reference("components/schemas/WebhookHeaders"),
            ["payload"] = Reference("components/schemas/CloudEvent"),
        };
        return messages;
    }

    private static JsonObject Head() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject
        {
            ["sequence"] = new JsonObject { ["type"] = "integer", ["description"] = "The newest entry of the log; the signature vouches for it and for all before it." },
            ["at"] = new JsonObject { ["type"] = "string", ["format"] = "date-time", ["description"] = "When it was signed." },
            ["jws"] = CloudEventSchema.Text("JSON Web Signature in compact form (ES256); its payload has sequence, hash and time."),
        },
        ["required"] = new JsonArray("sequence", "at", "jws"),
    };

    private static JsonObject WebhookHeaders() => new()
    {
        ["type"] = "object",
        ["description"] = "Headers of webhooks; pages and streams have none of them.",
        ["properties"] = new JsonObject
        {
            [WebhookSignature.IdHeader] = CloudEventSchema.Text("The event's id: the duplicate key."),
            [WebhookSignature.TimestampHeader] = CloudEventSchema.Text("When this attempt was made, in seconds since 1970."),
            [WebhookSignature.SignatureHeader] = CloudEventSchema.Text("Signatures separated by spaces: 'v1,' and the base64 of HMAC-SHA256 over id.timestamp.body."),
        },
    };

    private static JsonObject Reference(string to) => new() { ["$ref"] = $"#/{to}" };
}
