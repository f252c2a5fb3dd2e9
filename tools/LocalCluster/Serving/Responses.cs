using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Serving.Protobuf;

namespace Workspaces.LocalCluster.Serving;

/// <summary>Writes answers.</summary>
internal static class Responses
{
    private const string Json = "application/json";
    private const int MostWarned = 4 * 1024;
    private const int LongestCut = 256;

    public static async Task WriteAsync(HttpContext http, int code, JsonObject body, string contentType = Json)
    {
        http.Response.StatusCode = code;
        if (contentType == Json && PrefersProtobuf(http.Request) && ProtobufObjects.Encode(body) is { } message)
        {
            http.Response.ContentType = ProtobufObjects.MediaType;
            await http.Response.Body.WriteAsync(message, http.RequestAborted);
            return;
        }

        http.Response.ContentType = contentType;
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Options), (byte)'\n'];
        await http.Response.Body.WriteAsync(line, http.RequestAborted);
    }

    public static async Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> json)
    {
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(json, http.RequestAborted);
    }

    /// <summary>Whether protobuf stands first among what a client accepts. Rows for people are JSON only.</summary>
    private static bool PrefersProtobuf(HttpRequest request)
    {
        foreach (var offer in request.Headers.Accept.ToString().Split(',', StringSplitOptions.TrimEntries))
        {
            var parts = offer.Split(';', StringSplitOptions.TrimEntries);
            if (parts.Contains("as=" + RequestedForm.Table))
            {
                continue;
            }

            if (parts[0] is ProtobufObjects.MediaType or Json or "application/yaml" or "application/*" or "*/*")
            {
                return parts[0] == ProtobufObjects.MediaType;
            }
        }

        return false;
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
