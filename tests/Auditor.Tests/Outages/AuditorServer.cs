using Workspaces.LocalSuite.Processes;
using Workspaces.LocalSuite.Servers;

namespace Workspaces.Auditor.Tests.Outages;

/// <summary>The Auditor as a process, as it runs in production.</summary>
internal sealed class AuditorServer(int port, string postgres, Uri rabbitMq, Uri requests, string logFile) : IServer
{
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(5) };

    public string Name => "auditor";

    public IReadOnlyList<int> Ports => [port];

    public ProgramStart Start => new("dotnet", [typeof(Auditor.Log.LogEntry).Assembly.Location], logFile)
    {
        Environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
            ["ConnectionStrings__postgres"] = postgres,
            ["ConnectionStrings__rabbitmq"] = rabbitMq.AbsoluteUri,
            ["Requests__Url"] = requests.ToString(),
            ["ApiKeys__Own"] = "wsk_none",
            ["Webhooks__SecretsKeyFile"] = SecretsKey.File,
            ["Webhooks__AllowInsecureHttp"] = "true",
            ["Webhooks__AllowedPrivateNetworks__0"] = "127.0.0.0/8",
            ["Webhooks__FirstRetry"] = "00:00:00.2",
            ["Webhooks__LongestRetry"] = "00:00:02",
        },
    };

    public Task PrepareAsync(CancellationToken cancellation) => Task.CompletedTask;

    public async Task<string?> WhyNotReadyAsync(CancellationToken cancellation)
    {
        try
        {
            // Alive, not ready: what it needs may be away at the moment, and that is the point.
            using var response = await Client.GetAsync(new Uri($"http://127.0.0.1:{port}/health/live"), cancellation);
            return response.IsSuccessStatusCode ? null : $"it answers {(int)response.StatusCode}";
        }
        catch (HttpRequestException exception)
        {
            return exception.Message;
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"it does not answer within {Client.Timeout.TotalSeconds:0} s";
        }
    }
}
