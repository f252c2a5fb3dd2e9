using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Serving;

/// <summary>Writes answers.</summary>
internal static class Responses
{
    private const int MostWarned = 4 * 1024;
    private const int LongestCut = 256;

    public static async Task WriteAsync(HttpContext http, int code, JsonObject body, string contentType = "application/json")
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = contentType;
        await http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Options), http.RequestAborted);
    }

    public static async Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> json)
    {
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(json, http.RequestAborted);
    }

    public static Task WriteErrorAsync(HttpContext http, ApiStatusException error)
    {
        if (error.Details.Number("retryAfterSeconds") is { } seconds)
        {
            http.Response.Headers.RetryAfter = $"{seconds}";
        }

        return WriteAsync(http, error.Code, error.ToStatus());
    }

    /// <summary>
    /// Warning headers (RFC 7234 code 299), as kubectl shows them. Each text once; where all together are very long each is cut short.
    /// </summary>
    public static void AddWarnings(HttpContext http, IEnumerable<string> warnings)
    {
        var texts = warnings.Where(w => w.Length > 0 && !w.Any(char.IsControl)).Distinct().ToList();
        if (texts.Sum(t => t.Length) > MostWarned)
        {
            texts = [.. texts.Select(t => t.Length > LongestCut ? t[..LongestCut] : t)];
            var written = 0;
            texts = [.. texts.TakeWhile(t => (written += t.Length) - t.Length < MostWarned)];
        }

        foreach (var text in texts)
        {
            var quoted = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            http.Response.Headers.Append("Warning", $"299 - \"{quoted}\"");
        }
    }

    public static JsonObject Success(ResourceType type, JsonObject deleted) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = "Success",
        ["details"] = type.Group.Length == 0
            ? new JsonObject { ["name"] = deleted.Text("metadata", "name"), ["kind"] = type.Plural, ["uid"] = deleted.Text("metadata", "uid") }
            : new JsonObject
            {
                ["name"] = deleted.Text("metadata", "name"),
                ["group"] = type.Group,
                ["kind"] = type.Plural,
                ["uid"] = deleted.Text("metadata", "uid"),
            },
    };
}
