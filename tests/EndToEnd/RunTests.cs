using System.Globalization;
using System.Net.NetworkInformation;
using Xunit;

namespace Workspaces.EndToEnd;

/// <summary><c>./run</c> as a person uses it: status, twice, killed, stopped. Each test has a suite of its own.</summary>
public sealed class RunTests : IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("workspaces-run-").FullName;

    public RunTests() => File.SetUnixFileMode(_state, (UnixFileMode)Convert.ToInt32("755", 8));

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public async Task Stop_OfARunningSuite_LeavesNoProcessMountOrInterface()
    {
        var interfacesBefore = Interfaces();
        (await RunAsync("--detach")).MustSucceed();
        await CreateWorkspaceAsync();
        Assert.NotEmpty(Interfaces().Except(interfacesBefore));
        Assert.NotEmpty(Processes());

        (await RunAsync("--stop")).MustSucceed();

        Assert.Empty(Processes());
        Assert.Empty(Mounts());
        Assert.Empty(Interfaces().Except(interfacesBefore));
        Assert.NotEqual(0, (await RunAsync("--status")).ExitCode);
        (await RunAsync("--stop")).MustSucceed();
    }

    [Fact]
    public async Task Detach_AfterTheSupervisorWasKilled_StartsAgainAndKeepsTheWorkspaces()
    {
        (await RunAsync("--detach")).MustSucceed();
        try
        {
            await CreateWorkspaceAsync();
            (await RunAsync("--detach")).MustSucceed(); // twice is harmless
            KillSupervisor();

            (await RunAsync("--detach")).MustSucceed();

            // It is found by its state folder alone, on whatever ports it runs.
            var status = (await Command.RunAsync(Path.Combine(Repository.Root, "run"), ["--state", _state, "--status"])).MustSucceed();
            Assert.All(
                new[] { "PostgreSQL", "RabbitMQ", "LocalCluster", "Requests", "Provisioner", "Injector", "Proxy", "Auditor" },
                component => Assert.Contains(component, status.Output, StringComparison.OrdinalIgnoreCase));
            await Eventually.TrueAsync(async () =>
                (await Command.BashAsync(
                    $"""
                    . {_state}/run.env
                    ssh -F none -i "$SSH_KEY" -p "$SSH_PORT" -o IdentitiesOnly=yes -o BatchMode=yes -o UserKnownHostsFile="$SSH_KNOWN_HOSTS" kept@"$SSH_HOST" true
                    """)).ExitCode == 0, "the workspace answers again");
        }
        finally
        {
            (await RunAsync("--stop")).MustSucceed();
        }

        Assert.Empty(Processes());
        Assert.Empty(Mounts());
    }

    [Fact]
    public async Task UnknownOption_IsRefusedWithTheKnownOnes()
    {
        var result = await RunAsync("--dtach");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("--dtach", result.Error + result.Output, StringComparison.Ordinal);
        Assert.Contains("--detach", result.Error + result.Output, StringComparison.Ordinal);
    }

    private Task<CommandResult> RunAsync(params string[] arguments) =>
        Command.RunAsync(Path.Combine(Repository.Root, "run"), ["--state", _state, "--ports", "auto", .. arguments], timeout: TimeSpan.FromMinutes(5));

    private async Task CreateWorkspaceAsync() =>
        (await Command.BashAsync(
            $$"""
            . {{_state}}/run.env
            curl -fsS -X POST "$REQUESTS_URL/v1/workspaces" -H "Authorization: Bearer $API_KEY" -H 'Prefer: wait=60' \
                 -H 'Content-Type: application/json' -d '{"name":"kept","blueprint":"dev"}' | grep -q '"state":"Ready"'
            """,
            TimeSpan.FromSeconds(90))).MustSucceed();

    private void KillSupervisor()
    {
        var supervisor = Processes().Single(id => CommandLine(id).Contains("LocalSuite", StringComparison.Ordinal));
        using var process = System.Diagnostics.Process.GetProcessById(supervisor);
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>Processes that name the state folder in their command line or environment.</summary>
    private List<int> Processes() =>
        [.. Directory.GetDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id != 0 && id != Environment.ProcessId && (CommandLine(id) + Read($"/proc/{id}/environ")).Contains(_state, StringComparison.Ordinal))];

    private List<string> Mounts() =>
        [.. File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(_state, StringComparison.Ordinal))];

    private static HashSet<string> Interfaces() => [.. NetworkInterface.GetAllNetworkInterfaces().Select(link => link.Name)];

    private static string CommandLine(int id) => Read($"/proc/{id}/cmdline");

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file).Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // it has ended meanwhile, or it is nobody's of ours
        }
    }
}
