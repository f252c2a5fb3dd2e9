using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>
/// Refuses a configuration that cannot be merged: values of another type, fields that the schema does not have, list items that cannot be told
/// apart. The messages are those of the API server, which names types and values as Go does.
/// </summary>
internal sealed class TypeCheck
{
    private readonly List<string> _errors = [];

    /// <summary><see cref="OwnershipException"/> with everything that is wrong.</summary>
    public static void Require(JsonNode? value, FieldSchema schema)
    {
        var check = new TypeCheck();
        check.Visit(value, schema, "");
        if (check._errors.Count > 0)
        {
            throw new OwnershipException(check._errors is [var one] ? one : "errors:\n" + string.Join("\n", check._errors.Select(e => "  " + e)));
        }
    }

    private void Visit(JsonNode? value, FieldSchema schema, string path)
    {
        switch (schema.Kind)
        {
            case FieldKind.Any:
                break;
            case FieldKind.Struct or FieldKind.Map when value is JsonObject fields:
                Fields(fields, schema, path);
                break;
            case FieldKind.Struct or FieldKind.Map when value is not null:
                Report(path, $"expected map, got {Boxed(value)}");
                break;
            case FieldKind.List when value is JsonArray items:
                Items(items, schema, path);
                break;
            case FieldKind.List when value is not null:
                Report(path, $"expected list, got {Boxed(value)}");
                break;
            default:
                if (value is not null && ScalarError(value, schema.Kind) is { } error)
                {
                    Report(path, error);
                }

                break;
        }
    }

    private void Fields(JsonObject fields, FieldSchema schema, string path)
    {
        foreach (var (name, child) in fields)
        {
            if (schema.Child(name) is not { } childSchema)
            {
                // The API server looks no further in this object.
                Report($"{path}.{name}", "field not declared in schema");
                return;
            }

            Visit(child, childSchema, $"{path}.{name}");
        }
    }

    private void Items(JsonArray items, FieldSchema schema, string path)
    {
        var seen = new HashSet<PathElement>();
        for (var i = 0; i < items.Count; i++)
        {
            var step = $"[{i}]";
            if (!schema.Atomic)
            {
                PathElement element;
                try
                {
                    element = ListItems.ElementOf(items[i], schema);
                }
                catch (OwnershipException e)
                {
                    Report(path, $"element {i}: {e.Message}");
                    return;
                }

                if (!seen.Add(element))
                {
                    Report(path, $"duplicate entries for key {element}");
                }

                step = element.ToString();
            }

            Visit(items[i], schema.Element!, path + step);
        }
    }

    private void Report(string path, string message) => _errors.Add(path.Length == 0 ? message : $"{path}: {message}");

    private static string? ScalarError(JsonNode value, FieldKind kind)
    {
        var given = value.GetValueKind();
        return kind switch
        {
            FieldKind.Whole or FieldKind.Real when given != JsonValueKind.Number => $"expected numeric (int or float), got {GoErrors.TypeName(value)}",
            FieldKind.Text or FieldKind.Bytes when given != JsonValueKind.String => $"expected string, got &value.valueUnstructured{{Value:{GoErrors.Literal(value)}}}",
            FieldKind.Flag when given is not (JsonValueKind.True or JsonValueKind.False) => $"expected boolean, got {Boxed(value)}",
            FieldKind.Quantity or FieldKind.IntOrString or FieldKind.Time or FieldKind.MicroTime when given is JsonValueKind.Object or JsonValueKind.Array =>
                $"expected any scalar, got {Boxed(value)}",
            _ => null,
        };
    }

    /// <summary>As Go prints a boxed value with %v.</summary>
    private static string Boxed(JsonNode value) => $"&{{{GoErrors.Plain(value)}}}";
}
