using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Serving;

namespace Workspaces.LocalCluster.Faults;

/// <summary>The faults of requests that are active, and what they do to a request on its way to the API.</summary>
internal sealed class RequestFaults(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly List<RequestFault> _faults = [];
    private int _made;

    public IReadOnlyList<RequestFault> Active
    {
        get
        {
            lock (_lock)
            {
                _faults.RemoveAll(f => f.IsSpent);
                return [.. _faults];
            }
        }
    }

    public RequestFault Add(FaultKind kind, FaultSettings settings)
    {
        lock (_lock)
        {
            var fault = new RequestFault((++_made).ToString(CultureInfo.InvariantCulture), kind, settings);
            _faults.Add(fault);
            return fault;
        }
    }

    /// <summary>Whether there was one of this id.</summary>
    public bool Remove(string id)
    {
        lock (_lock)
        {
            return _faults.RemoveAll(f => f.Id == id) > 0;
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _faults.Clear();
        }
    }

    /// <summary>
    /// Lets the active faults strike a request, in the order in which they were made: it is held up, refused (throws), or will be cut off. True
    /// where the request has been answered.
    /// </summary>
    public async Task<bool> StrikeAsync(HttpContext http)
    {
        var faults = Active;
        if (faults.Count == 0)
        {
            return false;
        }

        var request = ApiRequest.Parse(http);
        var userAgent = http.Request.Headers.UserAgent.ToString();
        foreach (var fault in faults.Where(f => f.Settings.Match.Matches(request, userAgent)))
        {
            if (!fault.Strikes())
            {
                continue;
            }

            switch (fault.Kind)
            {
                case FaultKind.Latency:
                    await Task.Delay(fault.Delay(), clock, http.RequestAborted);
                    break;
                case FaultKind.Cut:
                    http.Response.Body = new CutStream(http, fault.Settings.AfterBytes);
                    break;
                case FaultKind.Answer when fault.Settings.InStream && request!.Verb == "watch":
                    await RefuseInStreamAsync(http, Refusal(fault.Settings.Code, request));
                    return true;
                default:
                    throw Refusal(fault.Settings.Code, request!);
            }
        }

        return false;
    }

    private static async Task RefuseInStreamAsync(HttpContext http, ApiStatusException refusal)
    {
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(new JsonObject { ["type"] = "ERROR", ["object"] = refusal.ToStatus() }.ToJsonString(ApiJson.Options) + "\n", http.RequestAborted);
    }

    private static ApiStatusException Refusal(int code, ApiRequest request) => code switch
    {
        409 => ApiErrors.Modified(request.Type, request.Name ?? ""),
        410 => ApiErrors.Expired("The resourceVersion for the provided watch is too old."),
        429 => ApiErrors.TooManyRequests("The server has received too many requests and has asked us to try again later", 1),
        500 => ApiErrors.Internal("a fault was asked for"),
        _ => new ApiStatusException(503, "ServiceUnavailable", "the server is currently unable to handle the request", new JsonObject { ["retryAfterSeconds"] = 1 }),
    };
}
