using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Workspaces.Auditor.Log;
using Workspaces.Contracts;
using Xunit;

namespace Workspaces.Auditor.Tests.Views;

/// <summary>What people ask an audit log.</summary>
public sealed class ViewsTests : IAsyncLifetime
{
    private static readonly Guid Instance = Guid.NewGuid();
    private static readonly Guid Elsewhere = Guid.NewGuid();
    private static readonly Guid BobsSession = Guid.NewGuid();
    private static readonly Guid CarolsSession = Guid.NewGuid();
    private readonly PostgresFixture _postgres = new();
    private AuditorHost _auditor = null!;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        _auditor = await AuditorHost.StartAsync(_postgres.ConnectionString);
        await AppendAsync(
            Messages.Requested("abc", owner: "alice"),
            Messages.Up(Instance, "abc"), // pod shop/payments-x2k4q
            Messages.Up(Elsewhere, "xyz", name: "orders"), // pod shop/orders-x2k4q
            Messages.Session(BobsSession, "abc", user: "bob") with { InstanceId = Instance },
            Messages.Session(Guid.NewGuid(), "xyz", user: "mallory") with { InstanceId = Elsewhere },
            Messages.Channel(BobsSession, ChannelKind.Exec, "cat /etc/passwd"),
            Messages.Channel(BobsSession, ChannelKind.LocalForward, "127.0.0.1:5432"),
            Messages.Closed(BobsSession, Instance),
            Messages.Session(CarolsSession, "abc", user: "carol") with { InstanceId = Instance, OccurredAt = Messages.Time.AddHours(1) },
            Messages.LoginFailed("192.0.2.1", "root", attempts: 5),
            Messages.LoginFailed("192.0.2.1", "admin\u0000", attempts: 7) with { Reason = AuthenticationFailureReason.BadSignature },
            Messages.LoginFailed("192.0.2.9", "root", attempts: 1) with { OccurredAt = Messages.Time.AddHours(1) });
    }

    public async ValueTask DisposeAsync()
    {
        await _auditor.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task PodSessions_Pod_SaysWhoWasThereWhenAndWhatTheyRan()
    {
        var sessions = (await ReadAsync("pods/shop/payments-x2k4q/sessions"))["sessions"]!.AsArray();

        Assert.Equal(["bob", "carol"], sessions.Select(session => (string?)session!["user"]));
        var bob = sessions[0]!;
        Assert.Equal((BobsSession, Instance), ((Guid)bob["sessionId"]!, (Guid)bob["instanceId"]!));
        Assert.Equal(("alice", "abc", "shop/Deployment/payments"), ((string?)bob["owner"], (string?)bob["workspaceId"], (string?)bob["target"]));
        Assert.Equal(("127.0.0.1:5000", "SHA256:abc", "ClientClosed"), ((string?)bob["clientAddress"], (string?)bob["keyFingerprint"], (string?)bob["closeReason"]));
        Assert.Equal(Messages.Time, (DateTimeOffset)bob["openedAt"]!);
        Assert.Equal(Messages.Time.AddMinutes(5), (DateTimeOffset)bob["closedAt"]!);
        Assert.Equal([("Exec", "cat /etc/passwd"), ("LocalForward", "127.0.0.1:5432")], bob["ran"]!.AsArray().Select(ran => ((string?)ran!["kind"], (string?)ran["detail"])));
        Assert.Null(sessions[1]!["closedAt"]);
    }

    [Fact]
    public async Task PodSessions_TimesAndPages_GiveTheirPart()
    {
        var later = await ReadAsync($"pods/shop/payments-x2k4q/sessions?since={Messages.Time.AddMinutes(30):yyyy-MM-ddTHH:mm:ssZ}");
        var first = await ReadAsync("pods/shop/payments-x2k4q/sessions?limit=1");
        var second = await ReadAsync($"pods/shop/payments-x2k4q/sessions?limit=1&after={first["next"]}");

        Assert.Equal("carol", (string?)Assert.Single(later["sessions"]!.AsArray())!["user"]);
        Assert.Equal(("bob", true), ((string?)first["sessions"]![0]!["user"], (bool)first["more"]!));
        Assert.Equal(("carol", false), ((string?)second["sessions"]![0]!["user"], (bool)second["more"]!));
        Assert.Empty((await ReadAsync("pods/shop/other/sessions"))["sessions"]!.AsArray());
    }

    [Fact]
    public async Task WorkloadWorkspaces_Workload_SaysWhichWorkspacesTouchedIt()
    {
        var workspace = Assert.Single((await ReadAsync("workloads/shop/Deployment/payments/workspaces"))["workspaces"]!.AsArray())!;

        Assert.Equal(("abc", "alice", 2, 9), ((string?)workspace["workspaceId"], (string?)workspace["owner"], (int)workspace["firstSequence"]!, (int)workspace["lastSequence"]!));
        Assert.Equal((1, 2), ((int)workspace["instances"]!, (int)workspace["sessions"]!));
        Assert.Equal(["bob", "carol"], workspace["users"]!.AsArray().Select(user => (string?)user));
        Assert.Equal(Messages.Time, (DateTimeOffset)workspace["firstAt"]!);
        Assert.Empty((await ReadAsync("workloads/shop/Deployment/payments/workspaces?until=2020-01-01T00:00:00Z"))["workspaces"]!.AsArray());
    }

    [Fact]
    public async Task FailedLogins_ByAddress_AddsThemUp()
    {
        var addresses = (await ReadAsync("failed-logins"))["addresses"]!.AsArray();

        Assert.Equal([("192.0.2.1", 12), ("192.0.2.9", 1)], addresses.Select(address => ((string?)address!["address"], (int)address["attempts"]!)));
        Assert.Equal(["admin\u0000", "root"], addresses[0]!["logins"]!.AsArray().Select(login => (string?)login));
        Assert.Equal((7, 5), ((int)addresses[0]!["reasons"]!["BadSignature"]!, (int)addresses[0]!["reasons"]!["UnknownKey"]!));
    }

    [Fact]
    public async Task FailedLogins_AddressTimeAndLimit_GiveTheirPart()
    {
        var one = await ReadAsync("failed-logins?address=192.0.2.9");
        var early = await ReadAsync($"failed-logins?until={Messages.Time.AddMinutes(30):yyyy-MM-ddTHH:mm:ssZ}");
        var top = await ReadAsync("failed-logins?limit=1");

        Assert.Equal(1, (int)Assert.Single(one["addresses"]!.AsArray())!["attempts"]!);
        Assert.Equal("192.0.2.1", (string?)Assert.Single(early["addresses"]!.AsArray())!["address"]);
        Assert.Equal((1, 1), (top["addresses"]!.AsArray().Count, (int)top["others"]!));
    }

    [Theory]
    [InlineData("failed-logins?since=yesterday", "since")]
    [InlineData("failed-logins?since=2026-03-01T12:00:00", "since")]
    [InlineData("failed-logins?ip=192.0.2.1", "ip")]
    [InlineData("pods/shop/payments-x2k4q/sessions?limit=201", "limit")]
    [InlineData("workloads/shop/Deployment/payments/workspaces?after=x", "after")]
    public async Task View_BadParameter_Is400ThatNamesIt(string query, string parameter)
    {
        using var response = await _auditor.GetAsync($"/v1/views/{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(parameter, (string?)(await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!["parameter"]);
    }

    [Fact]
    public async Task View_WithoutTheScope_Is403()
    {
        using var response = await _auditor.GetAsync("/v1/views/failed-logins", token: "workspaces:read");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    private async Task AppendAsync(params IWorkspaceEvent[] events) =>
        await _auditor.Get<LogWriter>().AppendAsync([.. events.Select(Messages.Received)], TestContext.Current.CancellationToken);

    private async Task<JsonNode> ReadAsync(string path)
    {
        using var response = await _auditor.GetAsync($"/v1/views/{path}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
    }
}
