using System.Text.Json.Nodes;
using k8s;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>A watch as it goes over the wire: one event a line.</summary>
internal sealed class RawWatch : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(60));

    private RawWatch(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _lines = new StreamReader(body);
    }

    public static async Task<RawWatch> OpenAsync(Kubernetes client, string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(client.BaseUri, path));
        request.Headers.Accept.ParseAdd(accept);
        if (client.Credentials is { } credentials)
        {
            await credentials.ProcessHttpRequestAsync(request, CancellationToken.None);
        }

        var response = await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        return new RawWatch(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next events.</summary>
    public async Task<List<JsonNode>> TakeAsync(int count)
    {
        var seen = new List<JsonNode>();
        while (seen.Count < count)
        {
            seen.Add(JsonNode.Parse(await _lines.ReadLineAsync(_deadline.Token) ?? throw new EndOfStreamException($"The watch ended after {seen.Count} events."))!);
        }

        return seen;
    }

    /// <summary>Everything until the server ends the watch.</summary>
    public async Task<List<JsonNode>> TakeAllAsync()
    {
        var seen = new List<JsonNode>();
        while (await _lines.ReadLineAsync(_deadline.Token) is { } line)
        {
            seen.Add(JsonNode.Parse(line)!);
        }

        return seen;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
        _deadline.Dispose();
    }
}
