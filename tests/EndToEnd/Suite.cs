using System.Net.Http.Headers;
using Workspaces.EndToEnd;
using Xunit;

[assembly: AssemblyFixture(typeof(Suite))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Workspaces.EndToEnd;

/// <summary>
/// The whole suite, started once for all end-to-end tests as a person starts it: <c>./run --detach</c>, in a state folder and on
/// ports of its own, so that it runs beside a developer's.
/// </summary>
public sealed class Suite : IAsyncLifetime
{
    private readonly string _state = Directory.CreateTempSubdirectory("workspaces-e2e-").FullName;
    private Dictionary<string, string> _environment = [];

    /// <summary>Value from <c>run.env</c>.</summary>
    public string this[string name] => _environment[name];

    /// <summary>The state folder that <c>./run</c> was given.</summary>
    public string StateFolder => _state;

    /// <summary>Client of Requests with the local user's API key.</summary>
    public HttpClient Requests { get; private set; } = null!;

    /// <summary>Client of the Auditor with the local user's API key.</summary>
    public HttpClient Auditor { get; private set; } = null!;

    /// <summary>Stock <c>ssh</c> and its family, set up for this suite.</summary>
    internal SshClient Ssh { get; private set; } = null!;

    /// <summary>Stock <c>kubectl</c>, set up for this suite's cluster.</summary>
    internal Kubectl Kubectl { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        // The postgres user must be able to enter the folder.
        File.SetUnixFileMode(_state, (UnixFileMode)Convert.ToInt32("755", 8));
        (await RunAsync("--detach")).MustSucceed();
        _environment = ReadEnvironment(Path.Combine(_state, "run.env"));
        Requests = Client(this["REQUESTS_URL"]);
        Auditor = Client(this["AUDITOR_URL"]);
        Ssh = new SshClient(this["SSH_HOST"], this["SSH_PORT"], this["SSH_KEY"], this["SSH_KNOWN_HOSTS"]);
        Kubectl = new Kubectl(this["KUBECONFIG"]);
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("--stop");
        Requests?.Dispose();
        Auditor?.Dispose();
        if (Environment.GetEnvironmentVariable("WORKSPACES_TEST_KEEP") is null)
        {
            Directory.Delete(_state, recursive: true);
        }
    }

    /// <summary><c>./run</c> with this suite's state folder.</summary>
    internal Task<CommandResult> RunAsync(params string[] arguments) =>
        Command.RunAsync(Path.Combine(Repository.Root, "run"), ["--state", _state, "--ports", "auto", .. arguments], timeout: TimeSpan.FromMinutes(5));

    /// <summary>A client of <paramref name="url"/> with the given key; without one: the local user's.</summary>
    internal HttpClient Client(string url, string? apiKey = null)
    {
        var client = new HttpClient { BaseAddress = new Uri(url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey ?? this["API_KEY"]);
        return client;
    }

    private static Dictionary<string, string> ReadEnvironment(string file) =>
        File.ReadLines(file)
            .Select(line => line.StartsWith("export ", StringComparison.Ordinal) ? line["export ".Length..] : line)
            .Where(line => line.Contains('=') && !line.StartsWith('#'))
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Trim('\'', '"'));
}
