using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.HttpResults;
using Workspaces.Contracts;
using Workspaces.Requests.Blueprints.Schema;
using Workspaces.ServiceDefaults.Http;

namespace Workspaces.Requests.Http;

/// <summary>
/// Reads request bodies strictly: a field that is not known is an error, because it is a misspelt one. Steps: (1) is it JSON,
/// (2) are all fields known, (3) has each the right type. Every error says where.
/// </summary>
public static class RequestJson
{
    private const int MaxDepth = 16;

    private static readonly JsonSerializerOptions Options = MakeOptions();

    /// <summary>Reads a body; exactly one of value and problem is set.</summary>
    public static (T? Value, ProblemHttpResult? Problem) Read<T>(ReadOnlyMemory<byte> json)
        where T : class
    {
        // (1) Is it JSON?
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException exception)
        {
            var where = exception.LineNumber is { } line ? $" (line {line + 1}, byte {exception.BytePositionInLine + 1})" : "";
            return (null, Problems.Problem(
                "malformed-json", StatusCodes.Status400BadRequest, $"The body is not valid JSON{where}, repeats a field, or is nested too deeply."));
        }

        using (document)
        {
            // (2) Are all fields known?
            var errors = new List<FieldError>();
            CheckFields(document.RootElement, Options.GetTypeInfo(typeof(T)), "", errors);
            if (errors.Count > 0)
            {
                return (null, Invalid(errors));
            }

            // (3) Has each the right type?
            try
            {
                return (document.RootElement.Deserialize<T>(Options) ?? throw new JsonException(), null);
            }
            catch (JsonException exception)
            {
                var pointer = PointerOf(exception.Path);
                return (null, Invalid([new FieldError(pointer, pointer.Length == 0 ? "The body must be a JSON object." : "The value is of the wrong type, or not one of those allowed here.")]));
            }
        }
    }

    private static ProblemHttpResult Invalid(IReadOnlyList<FieldError> errors) =>
        FieldProblems.Problem("invalid-request", StatusCodes.Status400BadRequest, errors);

    private static void CheckFields(JsonElement element, JsonTypeInfo type, string pointer, List<FieldError> errors)
    {
        if (element.ValueKind is not JsonValueKind.Object || type.Kind is not JsonTypeInfoKind.Object)
        {
            return;
        }

        foreach (var field in element.EnumerateObject())
        {
            var below = FieldProblems.Below(pointer, field.Name);
            if (type.Properties.FirstOrDefault(property => property.Name == field.Name) is { } known)
            {
                CheckFields(field.Value, Options.GetTypeInfo(known.PropertyType), below, errors);
            }
            else
            {
                var names = type.Properties.Select(property => property.Name).ToList();
                errors.Add(new FieldError(below, $"'{field.Name}' is not a field here.{NearestName.Hint(field.Name, names)} There are: {string.Join(", ", names)}."));
            }
        }
    }

    /// <summary>JSONPath as the serializer writes it (<c>$.target['odd name'][0]</c>) as a JSON pointer.</summary>
    private static string PointerOf(string? path)
    {
        var pointer = "";
        var rest = (path ?? "$").AsSpan(1);
        while (!rest.IsEmpty)
        {
            var quoted = rest.StartsWith("['");
            var start = quoted ? 2 : 1;
            var end = quoted ? rest.IndexOf("']") : rest[0] == '[' ? rest.IndexOf(']') : rest[1..].IndexOfAny('.', '[') + 1;
            end = end <= 0 ? rest.Length : end;
            pointer = FieldProblems.Below(pointer, rest[start..end].ToString());
            rest = rest[Math.Min(rest.Length, end + (quoted ? 2 : rest[0] == '[' ? 1 : 0))..];
        }

        return pointer;
    }

    private static JsonSerializerOptions MakeOptions()
    {
        var options = new JsonSerializerOptions { MaxDepth = MaxDepth, RespectNullableAnnotations = true, NumberHandling = JsonNumberHandling.Strict };
        ContractsJson.Apply(options);
        options.Converters.Insert(0, new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false));
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
