using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Workspaces.Auditor.Log;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Auditor.Reading;

/// <summary>
/// Understands a message as far as the log needs it: MassTransit's envelope, whose <c>message</c> is the event. Reads the event's
/// JSON by name and not by the contract types, so that an event of a newer publisher is logged as well. Whatever cannot be
/// understood becomes an entry of type <see cref="LogEntry.UnknownType"/> with everything that came: the log loses nothing and stops at nothing.
/// </summary>
public static class EnvelopeReader
{
    private const string UrnPrefix = "urn:message:";

    private static readonly Encoding StrictUtf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Dictionary<string, EventExchange> Known = Topology.Exchanges.ToDictionary(exchange => UrnPrefix + exchange.Name);

    /// <summary>Understands a message.</summary>
    /// <param name="body">Body of the message.</param>
    /// <param name="exchange">The exchange it was published to: the broker's word on who may have published it.</param>
    public static ReceivedMessage Read(ReadOnlyMemory<byte> body, string exchange)
    {
        try
        {
            using var envelope = JsonDocument.Parse(body);
            return Read(envelope.RootElement, exchange);
        }
        catch (Exception e) when (e is JsonException or NotAnEventException)
        {
            return Unknown(body.Span, exchange, e.Message);
        }
    }

    private static ReceivedMessage Read(JsonElement envelope, string exchange)
    {
        if (envelope.ValueKind != JsonValueKind.Object
            || !envelope.TryGetProperty("message", out var message) || message.ValueKind != JsonValueKind.Object
            || !envelope.TryGetProperty("messageType", out var urns) || urns.ValueKind != JsonValueKind.Array)
        {
            throw new NotAnEventException("It is not an envelope: an object with 'messageType' and 'message'.");
        }

        var types = urns.EnumerateArray().Where(urn => urn.ValueKind == JsonValueKind.String)
            .Select(urn => Known.GetValueOrDefault(urn.GetString()!)).OfType<EventExchange>().ToList();
        if (types is not [var type])
        {
            throw new NotAnEventException($"Its messageType names {(types.Count == 0 ? "no known event" : "several events")}.");
        }

        // The default exchange is open to operators only: that is how replayed messages come.
        if (exchange.Length > 0 && exchange != type.Name)
        {
            throw new NotAnEventException($"It says that it is {type.EventType.Name}, but came through the exchange '{exchange}'.");
        }

        return new ReceivedMessage
        {
            EventId = GuidOf(message, "eventId") ?? throw new NotAnEventException("The event has no 'eventId'."),
            OccurredAt = TimeOf(message, "occurredAt") ?? throw new NotAnEventException("The event has no 'occurredAt'."),
            Type = type.EventType.Name,
            WorkspaceId = TextOf(message, "workspaceId"),
            Owner = ObjectOf(message, "owner") is { } owner ? TextOf(owner, "name") : null,
            User = TextOf(message, "user") ?? TextOf(message, "requestedBy"),
            SessionId = GuidOf(message, "sessionId"),
            InstanceId = GuidOf(message, "instanceId"),
            Target = TargetOf(message),
            Pod = ObjectOf(message, "pod") is { } pod && TextOf(pod, "namespace") is { } space && TextOf(pod, "name") is { } name ? $"{space}/{name}" : null,
            TraceParent = ObjectOf(envelope, "headers") is { } headers ? TextOf(headers, "traceparent") ?? TextOf(headers, "MT-Activity-Id") : null,
            MessageForm = MessageForm.Json,
            Message = message.GetRawText(),
        };
    }

    /// <summary>The id comes from the content, so that the same message is kept once, however often it is delivered.</summary>
    private static ReceivedMessage Unknown(ReadOnlySpan<byte> body, string exchange, string problem)
    {
        var (form, text) = Keep(body);
        return new ReceivedMessage
        {
            EventId = new Guid(SHA256.HashData(body).AsSpan(0, 16)),
            Type = LogEntry.UnknownType,
            MessageForm = form,
            Message = text,
            Problem = $"Came through '{exchange}'. {problem}",
        };
    }

    private static (MessageForm Form, string Text) Keep(ReadOnlySpan<byte> body)
    {
        try
        {
            var text = StrictUtf8.GetString(body);
            // PostgreSQL keeps no NUL in text.
            return text.Contains('\0', StringComparison.Ordinal) ? (MessageForm.Base64, Convert.ToBase64String(body)) : (MessageForm.Text, text);
        }
        catch (DecoderFallbackException)
        {
            return (MessageForm.Base64, Convert.ToBase64String(body));
        }
    }

    private static string? TextOf(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text && !text.Contains('\0', StringComparison.Ordinal)
            ? text
            : null;

    /// <summary>A request names its target; an instance its workload, whose namespace is the pod's.</summary>
    private static string? TargetOf(JsonElement message)
    {
        var (workload, inNamespace) =
            ObjectOf(message, "target") is { } target ? (target, target)
            : ObjectOf(message, "workload") is { } ofInstance && ObjectOf(message, "pod") is { } pod ? (ofInstance, pod)
            : default;
        return workload.ValueKind == JsonValueKind.Object
            && TextOf(inNamespace, "namespace") is { } space && TextOf(workload, "kind") is { } kind && TextOf(workload, "name") is { } name
            ? $"{space}/{kind}/{name}"
            : null;
    }

    private static JsonElement? ObjectOf(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static Guid? GuidOf(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetGuid(out var id) ? id : null;

    private static DateTimeOffset? TimeOf(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var time) ? time.ToUniversalTime() : null;

    private sealed class NotAnEventException(string message) : Exception(message);
}
