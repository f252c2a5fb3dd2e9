using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Api;

/// <summary>Values and failures in the form in which the API server, a Go program, names them in its messages.</summary>
internal static class GoErrors
{
    /// <summary>What its JSON decoder says of something else where an object is expected.</summary>
    public static string NotAMap(JsonNode? value) => value is null
        ? "unexpected end of JSON input"
        : $"json: cannot unmarshal {KindOf(value)} into Go value of type map[string]interface {{}}";

    /// <summary><c>apps/v1, Kind=Deployment</c>, <c>/v1, Kind=Pod</c>.</summary>
    public static string Kind(string apiVersion, string kind) => $"{(apiVersion.Contains('/') ? apiVersion : "/" + apiVersion)}, Kind={kind}";

    /// <summary>As Go prints a value with %v.</summary>
    public static string Plain(JsonNode? value) => Patching.GoText.Of(value);

    /// <summary>As Go prints a value with %#v.</summary>
    public static string Literal(JsonNode? value) => value switch
    {
        null => "interface {}(nil)",
        JsonObject o => $"map[string]interface {{}}{{{string.Join(", ", o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{Quote(p.Key)}:{Literal(p.Value)}"))}}}",
        JsonArray a => $"[]interface {{}}{{{string.Join(", ", a.Select(Literal))}}}",
        _ when value.GetValueKind() == JsonValueKind.String => Quote((string)value!),
        _ => Scalar(value),
    };

    /// <summary>The name of a value's Go type.</summary>
    public static string TypeName(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Array => "[]interface {}",
        JsonValueKind.Object => "map[string]interface {}",
        _ => "float64",
    };

    /// <summary>As Go's %q prints a text.</summary>
    public static string Quote(string text) => JsonSerializer.Serialize(text, ApiJson.Options);

    private static string KindOf(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        _ => "number",
    };

    private static string Scalar(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => ApiJson.Number(value)?.ToString(CultureInfo.InvariantCulture) ?? value.ToJsonString(),
        _ => value.ToString(),
    };
}
