using System.Globalization;
using System.Text.Json;
using Workspaces.Auditor.Heads;
using Workspaces.Auditor.Log;
using Workspaces.Contracts;

namespace Workspaces.Auditor.Feed;

/// <summary>
/// An event of the log as CloudEvents 1.0. <c>source</c> and <c>id</c> together are the duplicate key; <c>sequence</c> (CloudEvents
/// extension "Sequence") is the place in the log, zero-padded so that texts compare as numbers do.
/// </summary>
public sealed record CloudEvent
{
    /// <summary>What comes before the event's name in <c>type</c>.</summary>
    public const string TypePrefix = "dev.workspaces.";

    /// <summary>Where events come from: this suite.</summary>
    public const string Source = "/workspaces";

    /// <summary>Name of signed heads, beside the names of events.</summary>
    public const string HeadType = "LogHeadSigned";

    private const int SequenceDigits = 19; // of the largest 64-bit number

    private CloudEvent(IReadOnlyList<KeyValuePair<string, string>> attributes, string data) => (Attributes, Data) = (attributes, data);

    /// <summary>Context attributes and extensions, in the order in which they are written. Absent ones are not in it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Attributes { get; }

    /// <summary>The event, JSON as it was published; empty where it was redacted.</summary>
    public string Data { get; }

    /// <summary>An entry as CloudEvent; null for a message that could not be interpreted, which is for operators and not for subscribers.</summary>
    public static CloudEvent? From(LogEntry entry)
    {
        if (entry.Type == LogEntry.UnknownType)
        {
            return null;
        }

        return From(
        [
            ("specversion", "1.0"),
            ("id", entry.EventId.ToString("D")),
            ("source", Source),
            ("type", TypePrefix + entry.Type),
            ("subject", entry.WorkspaceId ?? entry.User),
            ("time", entry.OccurredAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            ("datacontenttype", entry.RedactedAt is null ? "application/json" : null),
            ("sequence", SequenceText(entry.Sequence)),
            ("partitionkey", entry.WorkspaceId), // CloudEvents extension "Partitioning": order holds within it
            ("traceparent", entry.TraceParent), // CloudEvents extension "Distributed Tracing"
            ("owner", entry.Owner),
            ("target", entry.Target),
            ("redacted", entry.RedactedAt is null ? null : "true"),
        ],
        entry.Message);
    }

    /// <summary>A signed head of the log. It is no entry of the log: its <c>sequence</c> is that of the newest entry that it vouches for.</summary>
    public static CloudEvent From(SignedHead head) => From(
        [
            ("specversion", "1.0"),
            ("id", string.Create(CultureInfo.InvariantCulture, $"log-head-{head.Id}")),
            ("source", Source),
            ("type", TypePrefix + HeadType),
            ("time", head.At.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)),
            ("datacontenttype", "application/json"),
            ("sequence", SequenceText(head.Id)),
        ],
        JsonSerializer.Serialize(new { sequence = head.Id, at = head.At, jws = head.Jws }, ContractsJson.Options));

    /// <summary>With the source the duplicate key.</summary>
    public string Id => Attributes.First(attribute => attribute.Key == "id").Value;

    /// <summary>A sequence as the feed writes it.</summary>
    public static string SequenceText(long sequence) => sequence.ToString(CultureInfo.InvariantCulture).PadLeft(SequenceDigits, '0');

    /// <summary>The JSON format of CloudEvents (structured mode).</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach (var (name, value) in Attributes)
        {
            json.WriteString(name, value);
        }

        if (Data.Length > 0)
        {
            json.WritePropertyName("data");
            json.WriteRawValue(Data, skipInputValidation: true); // it was parsed when it came
        }

        json.WriteEndObject();
    }

    private static CloudEvent From(IEnumerable<(string Name, string? Value)> attributes, string data) => new(
        [.. attributes.Where(attribute => attribute.Value is not null).Select(attribute => KeyValuePair.Create(attribute.Name, attribute.Value!))], data);
}
