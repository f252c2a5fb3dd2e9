using System.Text;

namespace Workspaces.LocalCluster.Api;

/// <summary>
/// One wrong field, as the API server reports it: the reason (a meta/v1 CauseType), the path of the field and what is wrong with it.
/// </summary>
public sealed record FieldError(string Reason, string Field, string Message)
{
    public static FieldError Required(string field, string detail = "") =>
        new("FieldValueRequired", field, detail.Length == 0 ? "Required value" : $"Required value: {detail}");

    public static FieldError Invalid(string field, string value, string detail) =>
        new("FieldValueInvalid", field, detail.Length == 0 ? $"Invalid value: {value}" : $"Invalid value: {value}: {detail}");

    public static FieldError Forbidden(string field, string detail) => new("FieldValueForbidden", field, $"Forbidden: {detail}");

    public static FieldError Duplicate(string field, string value) => new("FieldValueDuplicate", field, $"Duplicate value: {value}");

    public static FieldError NotFound(string field, string value) => new("FieldValueNotFound", field, $"Not found: {value}");

    public static FieldError NotSupported(string field, string value, params IEnumerable<string> supported) =>
        new("FieldValueNotSupported", field, $"Unsupported value: {value}: supported values: {string.Join(", ", supported.Select(Quote))}");

    public static FieldError TooLong(string field, int limit) =>
        new("FieldValueTooLong", field, $"Too long: may not be more than {limit} bytes");

    /// <summary>A text as messages show it: in quotes, with escapes for what would be mistaken in them.</summary>
    public static string Quote(string? value)
    {
        var text = new StringBuilder("\"");
        foreach (var c in value ?? "")
        {
            text.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\t' => "\\t",
                '\r' => "\\r",
                < ' ' or '\x7f' => $"\\x{(int)c:x2}",
                _ => c.ToString(),
            });
        }

        return text.Append('"').ToString();
    }

    public override string ToString() => $"{Field}: {Message}";
}
