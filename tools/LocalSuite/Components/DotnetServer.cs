using Workspaces.LocalSuite.Processes;
using Workspaces.LocalSuite.Servers;

namespace Workspaces.LocalSuite.Components;

/// <summary>One of our own programs, as built, with the health endpoint that they all have.</summary>
internal sealed class DotnetServer(string name, string assembly, string logFile, Uri health, IReadOnlyList<int> ports) : IServer
{
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(10) };

    public string Name => name;

    public IReadOnlyList<int> Ports => ports;

    /// <summary>Arguments after the assembly.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Configuration.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public ProgramStart Start => new("dotnet", [assembly, .. Arguments], logFile)
    {
        WorkingDirectory = Path.GetDirectoryName(assembly),
        Environment = Environment,
    };

    public Task PrepareAsync(CancellationToken cancellation) =>
        File.Exists(assembly) ? Task.CompletedTask : throw new SuiteException($"{assembly} is not built: run ./run --build.");

    public async Task<string?> WhyNotReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var response = await Client.GetAsync(health, cancellation);
            return response.IsSuccessStatusCode ? null : $"{health.AbsolutePath} answers {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellation)}";
        }
        catch (HttpRequestException exception)
        {
            return exception.Message;
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"{health.AbsolutePath} does not answer within {Client.Timeout.TotalSeconds:0} s";
        }
    }
}
