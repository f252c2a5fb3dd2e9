using System.Text.Json.Nodes;
using Workspaces.Auditor.Feed;

namespace Workspaces.Auditor.Documents;

/// <summary>Schemas of the CloudEvents attributes that the feed has, as JSON members and as AMQP headers.</summary>
internal static class CloudEventSchema
{
    private static readonly (string Name, string Description)[] Attributes =
    [
        ("specversion", "1.0."),
        ("id", "The event's id; the same however often it is delivered."),
        ("source", $"{CloudEvent.Source}; with 'id' the duplicate key."),
        ("type", $"{CloudEvent.TypePrefix} and the name of the event."),
        ("subject", "Id of the workspace, or else the user; absent where there is neither."),
        ("time", "When it happened (RFC 3339)."),
        ("datacontenttype", "application/json."),
        ("sequence", "Place in the log, 19 digits: texts compare as numbers do, and there are no gaps in the log itself."),
        ("partitionkey", "Id of the workspace: order holds within it."),
        ("traceparent", "W3C trace context."),
        ("owner", "Owner of the workspace."),
        ("target", "Workload, NAMESPACE/KIND/NAME."),
        ("redacted", "true: the payload was removed by a rule of retention, and there is no data."),
    ];

    private static readonly string[] Required = ["specversion", "id", "source", "type", "time", "sequence"];

    /// <summary>The JSON format (structured mode).</summary>
    public static JsonObject Envelope()
    {
        var schema = Of("", [.. Required]);
        schema["properties"]!.AsObject()["data"] = new JsonObject { ["type"] = "object", ["description"] = "The event, as its schema says." };
        return schema;
    }

    /// <summary>Headers on the broker (binary mode).</summary>
    public static JsonObject Headers()
    {
        var schema = Of("cloudEvents:", [.. Required.Select(name => $"cloudEvents:{name}")]);
        schema["properties"]!.AsObject().Remove("cloudEvents:datacontenttype"); // that is the message's content type
        return schema;
    }

    public static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    private static JsonObject Of(string prefix, IEnumerable<string> required) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(Attributes.Select(attribute => KeyValuePair.Create(prefix + attribute.Name, (JsonNode?)Text(attribute.Description)))),
        ["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]),
    };
}
