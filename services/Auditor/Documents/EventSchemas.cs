using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Auditor.Documents;

/// <summary>
/// The JSON Schema of each event, made from its contract: what the event's <c>data</c> looks like. Open for members that are added
/// later, as every subscriber must be.
/// </summary>
internal static class EventSchemas
{
    /// <summary>Where they are served.</summary>
    public const string Path = "/v1/schemas";

    private const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    private static readonly ContractDocumentation Documentation = ContractDocumentation.Load();

    /// <summary>What is written, which is stricter than what is read: numbers are numbers.</summary>
    private static readonly JsonSerializerOptions Written = new(ContractsJson.Options) { NumberHandling = JsonNumberHandling.Strict };

    private static readonly JsonSchemaExporterOptions Exporting = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Describe };

    /// <summary>Events that are logged, in the order of the contracts.</summary>
    public static IReadOnlyList<Type> Types { get; } =
        [.. Topology.Exchanges.Select(exchange => exchange.EventType).Where(type => type != typeof(WorkspaceActivity))];

    /// <summary>Schemas by the name of the event.</summary>
    public static IReadOnlyDictionary<string, JsonObject> All { get; } = Types.ToDictionary(type => type.Name, SchemaOf);

    /// <summary>One sentence or two about an event.</summary>
    public static string SummaryOf(Type type) => Documentation.SummaryOf(type)
        ?? throw new InvalidOperationException($"{type} is not described; every event has a summary.");

    private static JsonObject SchemaOf(Type type)
    {
        var schema = new JsonObject { ["$schema"] = Dialect, ["$id"] = $"{Path}/{type.Name}.json", ["title"] = type.Name };
        foreach (var (name, value) in Written.GetJsonSchemaAsNode(type, Exporting).AsObject())
        {
            schema[name] = value?.DeepClone();
        }

        return schema;
    }

    private static JsonNode Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is not JsonObject found)
        {
            return schema;
        }

        var member = context.PropertyInfo?.AttributeProvider as MemberInfo ?? (context.Path.Length == 0 ? context.TypeInfo.Type : null);
        if (member is not null && Documentation.SummaryOf(member) is { } summary)
        {
            found.Insert(0, "description", summary);
        }

        found.Remove("$comment");
        return found;
    }
}
