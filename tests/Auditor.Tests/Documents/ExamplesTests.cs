using System.Text.Json.Nodes;
using Workspaces.Auditor.Log;
using Workspaces.Auditor.Tests.Webhooks;
using Workspaces.Contracts;
using Workspaces.LocalSuite.Processes;
using Workspaces.ServiceDefaults.Authentication;
using Workspaces.ServiceDefaults.Bus;
using Xunit;

namespace Workspaces.Auditor.Tests.Documents;

/// <summary>Subscribers written with nothing but <c>docs/events.md</c>: its examples, run as they stand there with Debian's Python and tools.</summary>
public sealed class ExamplesTests : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private readonly RabbitMqFixture _broker = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("workspaces-examples-");
    private AuditorHost _auditor = null!;
    private Uri _account = null!;

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(_postgres.InitializeAsync().AsTask(), _broker.InitializeAsync().AsTask());
        _auditor = await AuditorHost.StartAsync(_postgres.ConnectionString, _broker.ConnectionString, AuditorHost.LoopbackWebhooks);
        await _auditor.UntilReadyAsync();

        // The account that ./run makes, and as the page says.
        var team = BrokerAccounts.Subscriber("team");
        Assert.Contains($"rabbitmqctl set_permissions {team.User} '{team.Configure}' '{team.Write}' '{team.Read}'", EventsPage.Text, StringComparison.Ordinal);
        _account = await _broker.CreateAccountAsync(team.User, team.Configure, team.Write, team.Read);
    }

    public async ValueTask DisposeAsync()
    {
        await _auditor.DisposeAsync();
        await _postgres.DisposeAsync();
        await _broker.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("pages.py", "/usr/bin/python3")]
    [InlineData("pages.sh", "/bin/sh")]
    public async Task Pages_RunTwice_HasWhatItAskedForAndThenWhatIsNew(string example, string interpreter)
    {
        await AppendAsync(Messages.Ready(), Session("bob"), Messages.Ready(), Session("carol"));
        Assert.Equal(["2 SessionOpened bob", "4 SessionOpened carol"], await EndAsync(Run(example, interpreter, "place")));
        await AppendAsync(Messages.Ready(), Session("dave"));

        Assert.Equal(["6 SessionOpened dave"], await EndAsync(Run(example, interpreter, "place")));
        Assert.Empty(await EndAsync(Run(example, interpreter, "place")));
    }

    [Fact]
    public async Task Follow_KilledAndStartedAgain_GoesOnWhereItStopped()
    {
        await AppendAsync(Messages.Ready(), Session("bob"));
        using (var follower = Run("follow.sh", "/bin/sh", "place"))
        {
            await PrintsAsync(follower, "1 WorkspaceReady", "2 SessionOpened");
            await follower.KillAsync();
        }

        await AppendAsync(Session("carol"));
        using var again = Run("follow.sh", "/bin/sh", "place");
        await PrintsAsync(again, "3 SessionOpened");

        await AppendAsync(Messages.Ready());
        await PrintsAsync(again, "3 SessionOpened", "4 WorkspaceReady");
    }

    [Fact]
    public async Task Subscribe_KilledAndStartedAgain_HasWhatCameMeanwhile()
    {
        using (var subscriber = Run("subscribe.py", "/usr/bin/python3"))
        {
            await BoundAsync("team.sessions");
            await AppendAsync(Messages.Ready(), Session("bob"));
            await PrintsAsync(subscriber, "2 dev.workspaces.SessionOpened bob");
            await subscriber.KillAsync();
        }

        await AppendAsync(Session("carol"), Messages.Ready());
        using var again = Run("subscribe.py", "/usr/bin/python3");

        await Eventually.TrueAsync(() => again.Lines.Contains("3 dev.workspaces.SessionOpened carol"), $"what came meanwhile is there; errors: {string.Join('\n', again.Errors)}");
    }

    [Fact]
    public async Task Receive_SubscriptionOfThePage_HasItsVerifiedEvents()
    {
        var port = Ports.Free(1)[0];
        var hook = $"http://127.0.0.1:{port}/";
        var created = JsonNode.Parse(string.Concat(await EndAsync(Run("create-webhook.sh", "/bin/sh", more: [("HOOK_URL", hook)]))))!;
        using var receiver = Run("receive.py", "/usr/bin/python3", more: [("PORT", $"{port}"), ("WEBHOOK_SECRET", (string)created["secret"]!)]);
        using var forger = new HttpClient();

        await AppendAsync(Messages.Ready(), Session("bob"));

        await PrintsAsync(receiver, "2 dev.workspaces.SessionOpened bob");
        using var forged = new StringContent("{}");
        forged.Headers.Add("webhook-id", "x");
        forged.Headers.Add("webhook-timestamp", $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}");
        forged.Headers.Add("webhook-signature", "v1,AAAA");
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await forger.PostAsync(new Uri(hook), forged, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(hook, (string?)(await new WebhookClient(_auditor).GetAsync($"/{created["id"]}"))["url"]);
    }

    [Fact]
    public async Task Views_OfThePage_AnswerTheirQuestions()
    {
        var (instance, session) = (Guid.NewGuid(), Guid.NewGuid());
        await AppendAsync(
            Messages.Requested("abc", owner: "alice"),
            Messages.Up(instance),
            Messages.Session(session) with { InstanceId = instance },
            Messages.Channel(session, ChannelKind.Exec, "ps aux"),
            Messages.LoginFailed("192.0.2.1", "root", attempts: 5));

        Assert.Equal("bob from 127.0.0.1:5000, 2026-03-01T12:00:00.123456+00:00: Exec ps aux", Assert.Single(await EndAsync(Run("pod.sh", "/bin/sh"))));
        Assert.Equal("abc of alice, 1 instances, sessions of bob", Assert.Single(await EndAsync(Run("workload.sh", "/bin/sh"))));
        Assert.Equal("192.0.2.1: 5 attempts as root", Assert.Single(await EndAsync(Run("logins.sh", "/bin/sh"))));
    }

    [Fact]
    public async Task Subscribe_InCSharpWithTheContractsPackageAlone_HasItsEvents()
    {
        var project = await ContractsPackage.BuildConsumerAsync(_folder, EventsPage.Example("Subscribe.cs"), TestContext.Current.CancellationToken);
        using var subscriber = RunningExample.Start("dotnet", [project], Environment());
        await BoundAsync("team.logins");

        await AppendAsync(Messages.Ready(), Session("bob"));

        await PrintsAsync(subscriber, "2 bob abc");
    }

    private static SessionOpened Session(string user) => Messages.Session(Guid.NewGuid(), user: user);

    private static async Task<IReadOnlyList<string>> EndAsync(RunningExample example)
    {
        using (example)
        {
            return await example.EndAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task PrintsAsync(RunningExample example, params string[] lines)
    {
        await Eventually.TrueAsync(() => example.Lines.Count >= lines.Length || !example.Errors.IsEmpty, $"the example prints {string.Join(", ", lines)}");
        Assert.Equal(lines, example.Lines);
    }

    private Task BoundAsync(string queue) => Eventually.TrueAsync(
        async () => (await _broker.BindingsAsync()).Any(binding => (string?)binding!["source"] == "workspaces.events" && (string?)binding["destination"] == queue),
        $"{queue} is bound");

    private RunningExample Run(string name, string interpreter, string? place = null, IEnumerable<(string Name, string Value)>? more = null)
    {
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllText(file, EventsPage.Example(name));
        return RunningExample.Start(interpreter, place is null ? [file] : [file, Path.Combine(_folder.FullName, place)], [.. Environment(), .. more ?? []]);
    }

    private (string Name, string Value)[] Environment() =>
        [("AUDITOR_URL", _auditor.Client.BaseAddress!.ToString().TrimEnd('/')), ("API_KEY", $"{Scopes.EventsRead} {Scopes.SubscriptionsManage}"), ("AMQP_URL", _account.AbsoluteUri)];

    private async Task AppendAsync(params IWorkspaceEvent[] events) =>
        await _auditor.Get<LogWriter>().AppendAsync([.. events.Select(Messages.Received)], TestContext.Current.CancellationToken);
}
