using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Workspaces.Support.Faults;

/// <summary>
/// Asks a running LocalCluster for faults, over its side endpoint: whose address and token stand beside the kubeconfig. Disposing it does not clear
/// them. Errors of the endpoint are <see cref="HttpRequestException"/> with its words.
/// </summary>
public sealed class ClusterFaults : IDisposable
{
    private readonly HttpClient _client;

    private ClusterFaults(Uri url, string token)
    {
        _client = new HttpClient { BaseAddress = url };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>The faults of the cluster that wrote this kubeconfig.</summary>
    public static ClusterFaults Of(string kubeconfigFile)
    {
        var file = kubeconfigFile + ".faults";
        var where = JsonNode.Parse(File.ReadAllText(file)) ?? throw new InvalidDataException($"{file} is empty.");
        return new ClusterFaults(new Uri((string)where["url"]!), (string)where["token"]!);
    }

    /// <summary>Requests are answered with an error (409, 410, 429, 500, 503) and not carried out. The id of the fault.</summary>
    public async Task<string> AnswerAsync(int code, RequestFaultOptions? options = null, bool inStream = false)
    {
        var body = Body(options);
        (body["code"], body["inStream"]) = (code, inStream);
        return await MakeAsync("answers", body);
    }

    /// <summary>Requests are held up, by <paramref name="jitter"/> more or less at random. The id of the fault.</summary>
    public async Task<string> DelayAsync(TimeSpan time, TimeSpan jitter = default, RequestFaultOptions? options = null)
    {
        var body = Body(options);
        (body["milliseconds"], body["jitterMilliseconds"]) = (time.TotalMilliseconds, jitter.TotalMilliseconds);
        return await MakeAsync("latency", body);
    }

    /// <summary>Requests are carried out and their connections cut after so many bytes of the answer. The id of the fault.</summary>
    public async Task<string> CutAsync(int afterBytes = 0, RequestFaultOptions? options = null)
    {
        var body = Body(options);
        body["afterBytes"] = afterBytes;
        return await MakeAsync("cuts", body);
    }

    /// <summary>Ends every watch that is open; clients resume by resourceVersion.</summary>
    public Task DropWatchesAsync() => PostAsync("watches/drop");

    /// <summary>Forgets the history: to resume a watch from an earlier resourceVersion is answered with 410.</summary>
    public Task CompactHistoryAsync() => PostAsync("history/compact");

    /// <summary>The API server is gone, for a time or until <see cref="StartListenerAsync"/>; pods and controllers go on.</summary>
    public Task StopListenerAsync(TimeSpan? time = null) => PostAsync("listener/stop", time is { } given ? new JsonObject { ["seconds"] = given.TotalSeconds } : []);

    public Task StartListenerAsync() => PostAsync("listener/start");

    /// <summary>The node stops reporting and doing anything, until <see cref="ThawNodeAsync"/>.</summary>
    public Task FreezeNodeAsync() => PostAsync("node/freeze");

    public Task ThawNodeAsync() => PostAsync("node/thaw");

    /// <summary>Pulls of an image (null: of every image) fail, so often or until <see cref="AllowPullsAsync"/>.</summary>
    public Task FailPullsAsync(string? image = null, int? times = null) => PostAsync("images/fail", new JsonObject { ["image"] = image, ["times"] = times });

    public Task AllowPullsAsync() => PostAsync("images/allow");

    /// <summary>The node evicts a pod, as it does under pressure.</summary>
    public Task EvictAsync(string ns, string pod, string message) =>
        PostAsync("pods/evict", new JsonObject { ["namespace"] = ns, ["pod"] = pod, ["message"] = message });

    /// <summary>A container ends as if it had crashed.</summary>
    public Task LoseContainerAsync(string ns, string pod, string container) =>
        PostAsync("containers/lose", new JsonObject { ["namespace"] = ns, ["pod"] = pod, ["container"] = container });

    /// <summary>What is active.</summary>
    public async Task<JsonObject> ShowAsync() => await ReadAsync(await _client.GetAsync(new Uri("/faults", UriKind.Relative)));

    /// <summary>Ends one fault of requests.</summary>
    public async Task ClearAsync(string id) => await ReadAsync(await _client.DeleteAsync(new Uri($"/faults/{id}", UriKind.Relative)));

    /// <summary>Ends every fault.</summary>
    public async Task ClearAsync() => await ReadAsync(await _client.DeleteAsync(new Uri("/faults", UriKind.Relative)));

    public void Dispose() => _client.Dispose();

    private static JsonObject Body(RequestFaultOptions? options)
    {
        options ??= new RequestFaultOptions();
        var body = new JsonObject
        {
            ["rate"] = options.Rate,
            ["times"] = options.Times,
            ["verbs"] = Texts(options.Verbs),
            ["resources"] = Texts(options.Resources),
            ["namespaces"] = Texts(options.Namespaces),
            ["userAgents"] = Texts(options.UserAgents),
        };
        if (options.Seed is { } seed)
        {
            body["seed"] = seed;
        }

        return body;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);

    private async Task<string> MakeAsync(string fault, JsonObject body) => (string)(await PostAsync(fault, body))["id"]!;

    private async Task<JsonObject> PostAsync(string fault, JsonObject? body = null) =>
        await ReadAsync(await _client.PostAsJsonAsync(new Uri($"/faults/{fault}", UriKind.Relative), body ?? []));

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var answer = await response.Content.ReadFromJsonAsync<JsonObject>() ?? [];
            return response.IsSuccessStatusCode ? answer : throw new HttpRequestException((string?)answer["error"], null, response.StatusCode);
        }
    }
}
