using System.Diagnostics;
using System.Text.Json;

namespace Workspaces.Auditor.Benchmarks;

/// <summary>Questions that people ask, of the whole log: a page of 100 over HTTP.</summary>
internal sealed class QueryBenchmark(Suite suite)
{
    private const int Rounds = 40;

    public async Task RunAsync(CancellationToken ct)
    {
        var last = await suite.LastAsync(ct);
        var opened = await FirstAsync($"v1/events?type=SessionOpened&after={last / 2}&limit=1", ct);
        var up = await FirstAsync($"v1/events?type=InstanceUp&after={last / 2}&limit=1", ct);
        var (time, pod) = (Uri.EscapeDataString(opened.GetProperty("occurredAt").GetString()!), up.GetProperty("data").GetProperty("pod").GetProperty("name").GetString());
        await MeasureAsync("query_page", "v1/events?limit=100", ct);
        await MeasureAsync("query_workspace", $"v1/events?workspace={Text(opened, "workspaceId")}&limit=100", ct);
        await MeasureAsync("query_owner", $"v1/events?owner={Text(opened, "owner")}&limit=100", ct);
        await MeasureAsync("query_user_late", $"v1/events?user={Text(opened, "user")}&after={last / 2}&limit=100", ct);
        await MeasureAsync("query_target", $"v1/events?target={Uri.EscapeDataString(Text(opened, "target"))}&limit=100", ct);
        await MeasureAsync("query_rare_type", "v1/events?type=WorkspaceFailed&limit=100", ct);
        await MeasureAsync("query_session", $"v1/events?session={opened.GetProperty("data").GetProperty("sessionId").GetString()}&limit=100", ct);
        await MeasureAsync("query_since", $"v1/events?since={time}&limit=100", ct);
        await MeasureAsync("query_type_since", $"v1/events?type=SessionOpened&since={time}&limit=100", ct);
        await MeasureAsync("view_pod", $"v1/views/pods/shop/{pod}/sessions", ct);
        await MeasureAsync("view_workload", "v1/views/workloads/shop/Deployment/service7/workspaces", ct);
        await MeasureAsync("view_failed_logins", "v1/views/failed-logins", ct);
    }

    private static string Text(JsonElement entry, string name) => entry.GetProperty(name).GetString()!;

    private async Task MeasureAsync(string name, string path, CancellationToken ct)
    {
        var times = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            var watch = Stopwatch.StartNew();
            await suite.Client.GetByteArrayAsync(new Uri(path, UriKind.Relative), ct);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        Figures.PrintPercentiles(name, times.Skip(1)); // the first one compiles
    }

    private async Task<JsonElement> FirstAsync(string path, CancellationToken ct)
    {
        using var page = JsonDocument.Parse(await suite.Client.GetByteArrayAsync(new Uri(path, UriKind.Relative), ct));
        return page.RootElement.GetProperty("events")[0].Clone();
    }
}
