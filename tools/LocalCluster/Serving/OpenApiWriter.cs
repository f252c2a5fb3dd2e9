using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Serving;

/// <summary>
/// The OpenAPI v3 documents: one for each group and version, made from the schemas. kubectl reads from them that the server validates fields
/// itself, and explain reads the fields. They carry no descriptions.
/// </summary>
internal static class OpenApiWriter
{
    private const string Prefix = "io.k8s.api.";

    public static Task HandleAsync(HttpContext http, string[] parts)
    {
        var versions = ResourceTypes.All.Select(t => t.ApiVersion).Distinct().ToDictionary(PathOf);
        if (parts.Length == 2)
        {
            return Responses.WriteAsync(http, 200, new JsonObject
            {
                ["paths"] = new JsonObject(versions.Keys.Select(p => KeyValuePair.Create(p, (JsonNode?)new JsonObject { ["serverRelativeURL"] = $"/openapi/v3/{p}" }))),
            });
        }

        return versions.TryGetValue(string.Join('/', parts[2..]), out var version)
            ? Responses.WriteAsync(http, 200, Document(version))
            : throw ApiErrors.NoSuchPath();
    }

    private static string PathOf(string apiVersion) => apiVersion.Contains('/') ? $"apis/{apiVersion}" : $"api/{apiVersion}";

    private static JsonObject Document(string apiVersion)
    {
        var paths = new JsonObject();
        var schemas = new JsonObject();
        foreach (var type in ResourceTypes.All.Where(t => t.ApiVersion == apiVersion))
        {
            AddPaths(paths, type);
            Reference(SchemaCatalog.Of(type), schemas);
            schemas[Prefix + type.Kind]!["x-kubernetes-group-version-kind"] = new JsonArray(GroupVersionKind(type));
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "Kubernetes", ["version"] = "v1.36.0" },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
    }

    private static void AddPaths(JsonObject paths, ResourceType type)
    {
        var collection = $"/{PathOf(type.ApiVersion)}/{(type.Namespaced ? "namespaces/{namespace}/" : "")}{type.Plural}";
        paths[collection] = new JsonObject(Operations(type, ("create", "post", "post"), ("list", "get", "list"), ("deletecollection", "delete", "deletecollection")));
        if (type.Verbs.Contains("get"))
        {
            paths[$"{collection}/{{name}}"] = new JsonObject(
                Operations(type, ("get", "get", "get"), ("update", "put", "put"), ("patch", "patch", "patch"), ("delete", "delete", "delete")));
        }
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Operations(ResourceType type, params (string Verb, string Method, string Action)[] offered) =>
        offered.Where(o => type.Verbs.Contains(o.Verb)).Select(o => KeyValuePair.Create(o.Method, (JsonNode?)new JsonObject
        {
            ["x-kubernetes-action"] = o.Action,
            ["x-kubernetes-group-version-kind"] = GroupVersionKind(type),
            ["parameters"] = new JsonArray([.. Parameters(o.Method).Select(p => (JsonNode)new JsonObject
            {
                ["name"] = p,
                ["in"] = "query",
                ["schema"] = new JsonObject { ["type"] = "string", ["uniqueItems"] = true },
            })]),
            ["responses"] = new JsonObject
            {
                ["200"] = new JsonObject
                {
                    ["description"] = "OK",
                    ["content"] = new JsonObject { ["application/json"] = new JsonObject { ["schema"] = Ref(type.Kind) } },
                },
            },
        }));

    private static string[] Parameters(string method) => method switch
    {
        "patch" => ["dryRun", "fieldManager", "fieldValidation", "force"],
        "post" or "put" => ["dryRun", "fieldManager", "fieldValidation"],
        "delete" => ["dryRun", "gracePeriodSeconds", "propagationPolicy"],
        _ => [],
    };

    private static JsonObject GroupVersionKind(ResourceType type) => new() { ["group"] = type.Group, ["kind"] = type.Kind, ["version"] = type.Version };

    private static JsonObject Ref(string name) => new() { ["$ref"] = $"#/components/schemas/{Prefix}{name}" };

    /// <summary>How a schema is referred to; structs are put among the components on the way.</summary>
    private static JsonObject Reference(FieldSchema schema, JsonObject schemas)
    {
        switch (schema.Kind)
        {
            case FieldKind.Struct:
                if (!schemas.ContainsKey(Prefix + schema.Name))
                {
                    var made = new JsonObject { ["type"] = "object" };
                    schemas[Prefix + schema.Name] = made;
                    made["properties"] = new JsonObject(schema.Fields.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)Reference(f.Value, schemas))));
                    if (schema.Atomic)
                    {
                        made["x-kubernetes-map-type"] = "atomic";
                    }
                }

                return Ref(schema.Name);
            case FieldKind.Map:
                return new JsonObject { ["type"] = "object", ["additionalProperties"] = Reference(schema.Element!, schemas) };
            case FieldKind.List:
                return List(schema, schemas);
            case FieldKind.Any:
                return new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true };
            case FieldKind.Whole:
                return new JsonObject { ["type"] = "integer", ["format"] = "int64" };
            case FieldKind.Real:
                return new JsonObject { ["type"] = "number", ["format"] = "double" };
            case FieldKind.Flag:
                return new JsonObject { ["type"] = "boolean" };
            case FieldKind.IntOrString:
                return Shared("IntOrString", new JsonObject { ["oneOf"] = Either("integer", "string"), ["format"] = "int-or-string" }, schemas);
            case FieldKind.Quantity:
                return Shared("Quantity", new JsonObject { ["oneOf"] = Either("string", "number") }, schemas);
            case FieldKind.Time or FieldKind.MicroTime:
                return new JsonObject { ["type"] = "string", ["format"] = "date-time" };
            case FieldKind.Bytes:
                return new JsonObject { ["type"] = "string", ["format"] = "byte" };
            default:
                return new JsonObject { ["type"] = "string" };
        }
    }

    /// <summary>A type with a name of its own that is no object.</summary>
    private static JsonObject Shared(string name, JsonObject schema, JsonObject schemas)
    {
        schemas.TryAdd(Prefix + name, schema);
        return Ref(name);
    }

    private static JsonArray Either(params IEnumerable<string> types) => new([.. types.Select(t => (JsonNode)new JsonObject { ["type"] = t })]);

    private static JsonObject List(FieldSchema schema, JsonObject schemas)
    {
        var result = new JsonObject
        {
            ["type"] = "array",
            ["items"] = Reference(schema.Element!, schemas),
            ["x-kubernetes-list-type"] = schema.IsSet ? "set" : schema.Keys.Count > 0 ? "map" : "atomic",
        };
        if (schema.Keys.Count > 0)
        {
            result["x-kubernetes-list-map-keys"] = new JsonArray([.. schema.Keys.Select(k => (JsonNode)k)]);
        }

        if (schema.PatchMergeKey is { } key)
        {
            result["x-kubernetes-patch-merge-key"] = key;
            result["x-kubernetes-patch-strategy"] = "merge";
        }

        return result;
    }
}
