using System.Collections.Concurrent;
using System.Text.Json;

namespace Workspaces.Auditor.Benchmarks;

/// <summary>Follows the log by Server-Sent Events.</summary>
internal sealed class StreamSubscriber(Suite suite, long after)
{
    private const string Data = "data: ";

    /// <summary>When each event was here.</summary>
    public ConcurrentDictionary<Guid, DateTimeOffset> Received { get; } = [];

    /// <summary>Follows until it is cancelled, or until <paramref name="most"/> events are here.</summary>
    public async Task FollowAsync(CancellationToken ct, int most = int.MaxValue)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "v1/events") { Headers = { { "Accept", "text/event-stream" }, { "Last-Event-ID", $"{after}" } } };
            using var response = await suite.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            response.EnsureSuccessStatusCode();
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(ct));
            while (Received.Count < most && await lines.ReadLineAsync(ct) is { } line)
            {
                if (line.StartsWith(Data, StringComparison.Ordinal))
                {
                    var now = DateTimeOffset.UtcNow;
                    using var json = JsonDocument.Parse(line.AsMemory(Data.Length));
                    Received.TryAdd(json.RootElement.GetProperty("id").GetGuid(), now);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Every event was seen.
        }
    }
}
