using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Workspaces.Requests.Tests.Running;

namespace Workspaces.Requests.Tests.Publishing;

/// <summary>What is stored is published, whatever dies in between: at least once, always with the same id, and in order.</summary>
public sealed class OutboxTests(RunningRequests requests) : IClassFixture<RunningRequests>
{
    [Fact]
    public async Task Requests_WithTheBrokerAway_ArePublishedWhenItIsBack()
    {
        await using var gate = new BrokerGate(requests.RabbitMq.ConnectionString, open: true);
        await using var service = await StartAsync(gate);
        await RunningRequests.ReadyAsync(service);
        await requests.Service.KillAsync(); // so that this one leads

        gate.Shut();
        var ids = new List<string>();
        foreach (var number in Enumerable.Range(0, 3))
        {
            ids.Add(await CreateAsync(service, $"away-{number}"));
        }

        await StopAsync(service, ids[0]);
        Assert.DoesNotContain(requests.Bus.Published, published => ids.Contains((string?)published.Message["workspaceId"] ?? ""));
        gate.Open();

        foreach (var id in ids)
        {
            await requests.Bus.NextAsync("WorkspaceRequested", message => (string?)message["workspaceId"] == id);
        }

        await requests.Bus.NextAsync("WorkspaceStopRequested", message => (string?)message["workspaceId"] == ids[0]);
        Assert.Equal(
            ["WorkspaceRequested", "WorkspaceStopRequested"],
            requests.Bus.Published.Where(published => (string?)published.Message["workspaceId"] == ids[0]).Select(published => published.Type).Distinct());
        await requests.StartAsync();
    }

    [Fact]
    public async Task Request_OfAServiceThatDiesBeforePublishing_IsPublishedByItsSuccessor()
    {
        await requests.Service.KillAsync();
        await using var gate = new BrokerGate(requests.RabbitMq.ConnectionString, open: false);
        string id;
        await using (var dying = await StartAsync(gate))
        {
            id = await Eventually.FindAsync(() => TryCreateAsync(dying, "orphan"), "an answer without a broker");
            await dying.KillAsync();
        }

        await requests.StartAsync();

        var published = await requests.Bus.NextAsync("WorkspaceRequested", message => (string?)message["workspaceId"] == id);
        Assert.Equal(Contracts.EventId.For<Contracts.WorkspaceRequested>(id, 1).ToString(), published.MessageId);
    }

    [Fact]
    public async Task Request_PublishedButNotMarked_IsPublishedAgainWithTheSameId()
    {
        var id = await CreateAsync(requests.Service, "again");
        var first = await requests.Bus.NextAsync("WorkspaceRequested", message => (string?)message["workspaceId"] == id);
        await requests.Service.KillAsync();

        // As if it had died after the broker's confirmation and before its own checkpoint.
        await using (var connection = new NpgsqlConnection(requests.Postgres.ConnectionString))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("update mt_event_progression set last_seq_id = 0 where name = 'outbox:All'", connection);
            await command.ExecuteNonQueryAsync(); // there is none yet if it really died before its first checkpoint
        }

        await requests.StartAsync();

        await Eventually.FindAsync(() =>
            requests.Bus.Published.Count(published => published.MessageId == first.MessageId) > 1 ? "seen" : null, "the same event again");
        var twice = requests.Bus.Published.Where(published => published.MessageId == first.MessageId).ToList();
        Assert.True(JsonNode.DeepEquals(twice[0].Message, twice[1].Message));
    }

    [Fact]
    public async Task Replicas_PublishOnce_AndOneTakesOverFromTheOther()
    {
        await using var second = await RequestsProcess.StartAsync(requests.Settings);
        await RunningRequests.ReadyAsync(second);
        var before = new List<string>();
        foreach (var number in Enumerable.Range(0, 5))
        {
            before.Add(await CreateAsync(number % 2 == 0 ? requests.Service : second, $"replica-{number}"));
        }

        foreach (var id in before)
        {
            await requests.Bus.NextAsync("WorkspaceRequested", message => (string?)message["workspaceId"] == id);
            Assert.Single(requests.Bus.Published, published => (string?)published.Message["workspaceId"] == id);
        }

        await requests.Service.KillAsync();
        var after = await CreateAsync(second, "replica-after");
        await requests.Bus.NextAsync("WorkspaceRequested", message => (string?)message["workspaceId"] == after);
        await requests.StartAsync();
    }

    private async Task<RequestsProcess> StartAsync(BrokerGate gate) =>
        await RequestsProcess.StartAsync(new Dictionary<string, string>(requests.Settings) { ["ConnectionStrings__rabbitmq"] = gate.Address });

    private static async Task<string> CreateAsync(RequestsProcess service, string name) =>
        await TryCreateAsync(service, name) ?? throw new InvalidOperationException($"{name} was refused:\n{service.Log}");

    private static async Task<string?> TryCreateAsync(RequestsProcess service, string name)
    {
        using var client = ClientOf(service);
        using var response = await client.PostAsJsonAsync("/v1/workspaces", new { name, blueprint = "plain" });
        return response.IsSuccessStatusCode ? (string)(await response.Content.ReadFromJsonAsync<JsonObject>())!["id"]! : null;
    }

    private static async Task StopAsync(RequestsProcess service, string id)
    {
        using var client = ClientOf(service);
        using var response = await client.PostAsync($"/v1/workspaces/{id}/stop", null);
        await response.ShouldBeAsync(System.Net.HttpStatusCode.Accepted);
    }

    private static HttpClient ClientOf(RequestsProcess service)
    {
        var client = new HttpClient { BaseAddress = service.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestKeys.Alice);
        return client;
    }
}
