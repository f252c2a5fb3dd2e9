using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Hosting;
using Workspaces.LocalCluster.Node.Faults;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Faults;

/// <summary>
/// The faults that tests ask for over the side endpoint: <c>POST /faults/...</c> makes one, <c>GET /faults</c> shows what is active,
/// <c>DELETE /faults</c> and <c>DELETE /faults/ID</c> clear. The README lists them.
/// </summary>
internal sealed class FaultApi(RequestFaults requests, ObjectStore store, ApiListener listener, IServiceProvider services)
{
    private static readonly int[] Codes = [409, 410, 429, 500, 503];

    private readonly Lock _lock = new();
    private readonly List<string> _failedImages = [];
    private bool _frozen;

    public async Task<JsonObject> HandleAsync(HttpRequest request, string path)
    {
        switch (request.Method)
        {
            case "GET" when path == "/faults":
                return Show();
            case "DELETE" when path == "/faults":
                await ClearAsync();
                return Show();
            case "DELETE" when path.StartsWith("/faults/", StringComparison.Ordinal):
                return requests.Remove(path["/faults/".Length..]) ? Show() : throw new FaultException(404, $"There is no active fault {path["/faults/".Length..]}.");
            case "POST":
                var body = await FaultBody.ReadAsync(request);
                return await MakeAsync(path, body);
            default:
                throw new FaultException(405, $"{request.Method} {path} is not offered: GET and DELETE /faults, DELETE /faults/ID, POST /faults/...");
        }
    }

    private async Task<JsonObject> MakeAsync(string path, FaultBody body)
    {
        switch (path)
        {
            case "/faults/answers":
                return Add(FaultKind.Answer, body, s => s with { Code = Code(body), InStream = body.Flag("inStream") });
            case "/faults/latency":
                return Add(FaultKind.Latency, body, s => s with
                {
                    Milliseconds = body.Number("milliseconds", 0) ?? throw new FaultException(400, "milliseconds is missing."),
                    JitterMilliseconds = body.Number("jitterMilliseconds", 0) ?? 0,
                });
            case "/faults/cuts":
                return Add(FaultKind.Cut, body, s => s with { AfterBytes = body.Whole("afterBytes", 0) ?? 0 });
            case "/faults/watches/drop":
                body.RequireAllRead();
                store.DropWatches();
                return Done();
            case "/faults/history/compact":
                body.RequireAllRead();
                store.CompactHistory();
                return Done();
            case "/faults/listener/stop":
                var seconds = body.Number("seconds", 0.1, 3600);
                body.RequireAllRead();
                await listener.InterruptAsync(seconds is { } given ? TimeSpan.FromSeconds(given) : null);
                return Done();
            case "/faults/listener/start":
                body.RequireAllRead();
                await listener.ResumeAsync();
                return Done();
            default:
                return await MakeOnNodeAsync(path, body);
        }
    }

    private async Task<JsonObject> MakeOnNodeAsync(string path, FaultBody body)
    {
        if (path is not ("/faults/node/freeze" or "/faults/node/thaw" or "/faults/images/fail" or "/faults/images/allow" or "/faults/pods/evict" or "/faults/containers/lose"))
        {
            throw new FaultException(404, $"There is no fault {path}.");
        }

        var node = services.GetService<INodeFaults>() ?? throw new FaultException(409, "This cluster runs without a node.");
        switch (path)
        {
            case "/faults/node/freeze" or "/faults/node/thaw":
                body.RequireAllRead();
                Freeze(node, path == "/faults/node/freeze");
                break;
            case "/faults/images/fail":
                var (image, times) = (body.Text("image"), body.Whole("times", 1));
                body.RequireAllRead();
                node.FailPulls(image, times);
                lock (_lock)
                {
                    _failedImages.Add(image ?? "*");
                }

                break;
            case "/faults/images/allow":
                body.RequireAllRead();
                AllowPulls(node);
                break;
            case "/faults/pods/evict":
                var (ns, pod, message) = (body.RequiredText("namespace"), body.RequiredText("pod"), body.Text("message") ?? "The node was low on resource: memory.");
                body.RequireAllRead();
                await OnNodeAsync(() => node.EvictAsync(ns, pod, message));
                break;
            default:
                var (containerNs, containerPod, container) = (body.RequiredText("namespace"), body.RequiredText("pod"), body.RequiredText("container"));
                body.RequireAllRead();
                await OnNodeAsync(() => node.LoseContainerAsync(containerNs, containerPod, container));
                break;
        }

        return Done();
    }

    private static async Task OnNodeAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (ApiStatusException e)
        {
            throw new FaultException(e.Code, e.Message);
        }
    }

    private JsonObject Add(FaultKind kind, FaultBody body, Func<FaultSettings, FaultSettings> own)
    {
        var settings = own(new FaultSettings { Times = body.Whole("times", 1), Rate = body.Number("rate", 0, 1) ?? 1, Match = body.Match() });
        if (body.Whole("seed", 0) is { } seed)
        {
            settings = settings with { Seed = seed };
        }

        body.RequireAllRead();
        return FaultView.Of(requests.Add(kind, settings));
    }

    private static int Code(FaultBody body)
    {
        var code = body.Whole("code", 0) ?? throw new FaultException(400, $"code is missing: one of {string.Join(", ", Codes)}.");
        return Codes.Contains(code) ? code : throw new FaultException(400, $"code must be one of {string.Join(", ", Codes)}.");
    }

    private void Freeze(INodeFaults node, bool freeze)
    {
        lock (_lock)
        {
            _frozen = freeze;
        }

        if (freeze)
        {
            node.Freeze();
        }
        else
        {
            node.Thaw();
        }
    }

    private void AllowPulls(INodeFaults node)
    {
        lock (_lock)
        {
            _failedImages.Clear();
        }

        node.AllowPulls();
    }

    private async Task ClearAsync()
    {
        requests.Clear();
        if (services.GetService<INodeFaults>() is { } node)
        {
            Freeze(node, freeze: false);
            AllowPulls(node);
        }

        await listener.ResumeAsync();
    }

    private JsonObject Show()
    {
        lock (_lock)
        {
            return new JsonObject
            {
                ["requests"] = new JsonArray([.. requests.Active.Select(f => (JsonNode)FaultView.Of(f))]),
                ["listenerStopped"] = listener.IsInterrupted,
                ["nodeFrozen"] = _frozen,
                ["failedImages"] = new JsonArray([.. _failedImages.Select(i => (JsonNode)i)]),
            };
        }
    }

    private static JsonObject Done() => new() { ["done"] = true };
}
