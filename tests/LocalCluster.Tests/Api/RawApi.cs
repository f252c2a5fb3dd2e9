using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using k8s;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>Requests as they go over the wire, for what the client library hides: headers, exact bodies, unknown fields.</summary>
internal static class RawApi
{
    public static Task<Answer> PostAsync(this Kubernetes client, string path, string body, string mediaType = "application/json") =>
        client.SendAsync(HttpMethod.Post, path, body, mediaType);

    public static Task<Answer> PutAsync(this Kubernetes client, string path, string body, string mediaType = "application/json") =>
        client.SendAsync(HttpMethod.Put, path, body, mediaType);

    public static Task<Answer> PatchAsync(this Kubernetes client, string path, string body, string mediaType) =>
        client.SendAsync(HttpMethod.Patch, path, body, mediaType);

    public static Task<Answer> GetAsync(this Kubernetes client, string path) => client.SendAsync(HttpMethod.Get, path, null, "application/json");

    public static async Task<Answer> SendAsync(this Kubernetes client, HttpMethod method, string path, string? body, string mediaType)
    {
        using var request = new HttpRequestMessage(method, new Uri(client.BaseUri, path));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8);
            request.Content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue(mediaType);
        }

        if (client.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, CancellationToken.None);
        }

        using var response = await client.HttpClient.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new Answer(response.StatusCode, JsonNode.Parse(text)!.AsObject(), [.. Warnings(response)]);
    }

    /// <summary>The text of each <c>299 - "..."</c>.</summary>
    private static IEnumerable<string> Warnings(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("Warning", out var values))
        {
            yield break;
        }

        foreach (var value in values)
        {
            var text = value.Trim();
            if (!text.StartsWith("299 - \"", StringComparison.Ordinal) || !text.EndsWith('"'))
            {
                throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"not a warning: {text}"));
            }

            yield return text["299 - \"".Length..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
        }
    }
}
