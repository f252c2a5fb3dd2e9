using Workspaces.LocalSuite.Processes;
using Workspaces.LocalSuite.Servers;

namespace Workspaces.Auditor.Benchmarks;

/// <summary>The Auditor as it runs in production, in a process of its own. Ready means that it reads its queue and can read the log.</summary>
internal sealed class AuditorProcess(int port, string postgres, Uri rabbitMq, Uri requests, string keyFile, string logFile) : IServer
{
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(5) };

    public string Name => "auditor";

    public IReadOnlyList<int> Ports => [port];

    public Uri Url => new($"http://127.0.0.1:{port}");

    public ProgramStart Start => new("dotnet", [typeof(Log.LogEntry).Assembly.Location], logFile)
    {
        Environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = Url.ToString(),
            ["ConnectionStrings__postgres"] = postgres,
            ["ConnectionStrings__rabbitmq"] = rabbitMq.AbsoluteUri,
            ["Requests__Url"] = requests.ToString(),
            ["ApiKeys__Own"] = "wsk_none",
            ["Webhooks__SecretsKeyFile"] = keyFile,
            ["Webhooks__AllowInsecureHttp"] = "true",
            ["Webhooks__AllowedPrivateNetworks__0"] = "127.0.0.0/8",
        },
    };

    public Task PrepareAsync(CancellationToken cancellation) => Task.CompletedTask;

    public async Task<string?> WhyNotReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var response = await Client.GetAsync(new Uri(Url, "health/ready"), cancellation);
            return response.IsSuccessStatusCode ? null : $"it answers {(int)response.StatusCode}";
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return e.Message;
        }
    }
}
