using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Workspaces.Requests.Tests.Running;

namespace Workspaces.Requests.Tests.Workspaces;

/// <summary>The API of workspaces against the real service, PostgreSQL and RabbitMQ.</summary>
[Collection(RequestsCollection.Name)]
public sealed class WorkspacesApiTests(RunningRequests requests)
{
    [Fact]
    public async Task Post_OfARequest_AnswersAndPublishesIt()
    {
        using var response = await requests.Alice.PostAsJsonAsync("/v1/workspaces", new { name = "first", blueprint = "plain", ttl = "2h" });

        var workspace = await response.ShouldBeAsync(HttpStatusCode.Accepted);
        var id = (string)workspace["id"]!;
        Assert.Equal($"/v1/workspaces/{id}", response.Headers.Location?.ToString());
        Assert.Equal("first", (string?)workspace["name"]);
        Assert.Equal("alice", (string?)workspace["owner"]);
        Assert.Equal("standalone", (string?)workspace["model"]);
        Assert.Equal("Requested", (string?)workspace["state"]);
        Assert.Equal("ssh -p 2222 first@ssh.example.com", (string?)workspace["ssh"]![0]);
        Assert.True(workspace.ContainsKey("stage") && workspace["stage"] is null);

        var published = await requests.Bus.NextAsync("WorkspaceRequested", message => (string?)message["workspaceId"] == id);
        Assert.Equal("standalone", published.RoutingKey);
        Assert.Equal((string?)published.Message["eventId"], published.MessageId);
        Assert.Equal(1, (long?)published.Message["generation"]);
        Assert.Equal(1501, (int?)published.Message["owner"]!["uid"]);
        Assert.Equal("registry.example.com/base:1", (string?)published.Message["blueprint"]!["image"]);
        Assert.Null(published.Message["blueprint"]!["extends"]);
        Assert.Equal(
            (DateTimeOffset)published.Message["occurredAt"]! + TimeSpan.FromHours(2), (DateTimeOffset)published.Message["expiresAt"]!);
    }

    [Fact]
    public async Task Post_WithATarget_IsAnInjectionAndSaysWhatIsIgnored()
    {
        using var response = await requests.Alice.PostAsJsonAsync("/v1/workspaces", new
        {
            name = "inject",
            blueprint = "rich",
            parameters = new { team = "payments", cpu = "4" },
            target = new { kind = "Deployment", @namespace = "shop", name = "payments", mode = "live" },
        });

        var workspace = await response.ShouldBeAsync(HttpStatusCode.Accepted);
        Assert.Equal("injection", (string?)workspace["model"]);
        Assert.Equal("""{"kind":"Deployment","namespace":"shop","name":"payments","mode":"live"}""", workspace["target"]!.ToJsonString());
        Assert.Equal(
            ["podman", "network", "scheduling", "resources", "storage.home", "storage.scratch"],
            workspace["ignored"]!.AsArray().Select(part => (string)part!["field"]!));
        var published = await requests.Bus.NextAsync("WorkspaceRequested", message => (string?)message["name"] == "inject");
        Assert.Equal("injection", published.RoutingKey);
        Assert.Equal("4", (string?)published.Message["blueprint"]!["resources"]!["limits"]!["cpu"]);
        Assert.Equal("alice/payments", (string?)published.Message["blueprint"]!["env"]!["OWNER"]);
        Assert.Equal("live", (string?)published.Message["target"]!["mode"]);
    }

    [Fact]
    public async Task Post_WithoutAName_IsNamedAfterOwnerAndBlueprint()
    {
        using var response = await requests.Bob.PostAsJsonAsync("/v1/workspaces", new { blueprint = "plain" });

        Assert.Equal("bob-plain", (string?)(await response.ShouldBeAsync(HttpStatusCode.Accepted))["name"]);
    }

    [Fact]
    public async Task Life_OfAWorkspace_IsShownAsWorkersReportIt()
    {
        var id = (string)(await requests.CreateAsync("life"))["id"]!;
        await requests.Bus.PublishAsync(TestWorkspaces.Progressed(Contracts.WorkspaceStage.Pulling, 1) with { WorkspaceId = id });
        Assert.Equal("Pulling", (string?)(await requests.InStateAsync(id, "Starting"))["stage"]);

        await requests.Bus.PublishAsync(TestWorkspaces.Up(0, id: id));
        await requests.Bus.PublishAsync(TestWorkspaces.Up(1, id: id));
        await requests.Bus.PublishAsync(TestWorkspaces.Ready(id: id));
        var ready = await requests.InStateAsync(id, "Ready");
        Assert.Null(ready["stage"]);
        var instances = await Eventually.FindAsync(async () =>
            await requests.Alice.GetFromJsonAsync<JsonArray>($"/v1/workspaces/{id}/instances") is { Count: 2 } both ? both : null, "both instances");
        Assert.Equal(TestWorkspaces.Instance(0).ToString(), (string?)instances[0]!["id"]);
        Assert.Equal($"ws-{id}-0", (string?)instances[0]!["pod"]);
        Assert.Equal("Up", (string?)instances[0]!["state"]);
        ready = (await requests.Alice.GetFromJsonAsync<JsonObject>("/v1/workspaces/life"))!;
        Assert.Equal(
            ["ssh -p 2222 life@ssh.example.com", "ssh -p 2222 life.0@ssh.example.com", "ssh -p 2222 life.1@ssh.example.com"],
            ready["ssh"]!.AsArray().Select(line => (string)line!));

        using (var deleted = await requests.Alice.DeleteAsync("/v1/workspaces/life"))
        {
            Assert.Equal("Deleting", (string?)(await deleted.ShouldBeAsync(HttpStatusCode.Accepted))["state"]);
        }

        using (var again = await requests.Alice.DeleteAsync("/v1/workspaces/life"))
        {
            await again.ShouldBeAsync(HttpStatusCode.Accepted);
        }

        await requests.Bus.NextAsync("WorkspaceDeletionRequested", message => (string?)message["workspaceId"] == id && (long?)message["generation"] == 2);
        await requests.Bus.PublishAsync(TestWorkspaces.Deleted(2, id));
        await Eventually.FindAsync(async () =>
        {
            using var gone = await requests.Alice.GetAsync($"/v1/workspaces/{id}");
            return gone.StatusCode == HttpStatusCode.Gone ? "gone" : null;
        }, "410 for the former id");
        using (var gone = await requests.Alice.GetAsync($"/v1/workspaces/{id}"))
        {
            await gone.ShouldBeProblemAsync(HttpStatusCode.Gone, "workspace-gone");
        }

        using (var byName = await requests.Alice.GetAsync("/v1/workspaces/life"))
        {
            await byName.ShouldBeProblemAsync(HttpStatusCode.NotFound, "workspace-not-found");
        }

        using (var once = await requests.Alice.DeleteAsync($"/v1/workspaces/{id}"))
        {
            Assert.Equal(HttpStatusCode.NoContent, once.StatusCode);
        }

        Assert.NotEqual(id, (string?)(await requests.CreateAsync("life"))["id"]);
    }

    [Fact]
    public async Task StopAndStart_OfAWorkspace_AreNewGenerations()
    {
        var id = (string)(await requests.CreateAsync("updown"))["id"]!;

        using (var stopped = await requests.Alice.PostAsync($"/v1/workspaces/{id}/stop", null))
        {
            Assert.Equal("Stopping", (string?)(await stopped.ShouldBeAsync(HttpStatusCode.Accepted))["state"]);
        }

        await requests.Bus.PublishAsync(TestWorkspaces.Stopped(2) with { WorkspaceId = id });
        Assert.Equal("User", (string?)(await requests.InStateAsync(id, "Stopped"))["reason"]);
        using (var started = await requests.Alice.PostAsync($"/v1/workspaces/{id}/start", null))
        {
            Assert.Equal("Starting", (string?)(await started.ShouldBeAsync(HttpStatusCode.Accepted))["state"]);
        }

        var start = await requests.Bus.NextAsync("WorkspaceStartRequested", message => (string?)message["workspaceId"] == id);
        Assert.Equal(3, (long?)start.Message["generation"]);
        await requests.Bus.PublishAsync(TestWorkspaces.Failed(3) with { WorkspaceId = id });
        var failed = await requests.InStateAsync(id, "Failed");
        Assert.Equal("ImagePull", (string?)failed["reason"]);
        using var refused = await requests.Alice.PostAsync($"/v1/workspaces/{id}/stop", null);
        await refused.ShouldBeProblemAsync(HttpStatusCode.Conflict, "workspace-failed");
    }

    [Fact]
    public async Task Get_OfAnothersWorkspace_SaysTheSameAsOfNone()
    {
        var id = (string)(await requests.CreateAsync("private"))["id"]!;

        foreach (var path in new[] { id, "private" })
        {
            using var foreign = await requests.Bob.GetAsync($"/v1/workspaces/{path}");
            var problem = await foreign.ShouldBeProblemAsync(HttpStatusCode.NotFound, "workspace-not-found");
            using var none = await requests.Bob.GetAsync("/v1/workspaces/no-such-thing");
            var other = await none.ShouldBeProblemAsync(HttpStatusCode.NotFound, "workspace-not-found");
            Assert.Equal(
                ((string)other["detail"]!).Replace("no-such-thing", "X", StringComparison.Ordinal), ((string)problem["detail"]!).Replace(path, "X", StringComparison.Ordinal));
        }

        using var delete = await requests.Bob.DeleteAsync($"/v1/workspaces/{id}");
        await delete.ShouldBeProblemAsync(HttpStatusCode.NotFound, "workspace-not-found");
        using var admin = await requests.Admin.GetAsync($"/v1/workspaces/{id}");
        await admin.ShouldBeAsync(HttpStatusCode.OK);
    }

    [Fact]
    public async Task List_ByPages_HasEachOnce()
    {
        foreach (var number in Enumerable.Range(0, 5))
        {
            await requests.CreateAsync($"page-{number}");
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await requests.Alice.GetFromJsonAsync<JsonObject>($"/v1/workspaces?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}"))!;
            seen.AddRange(page["items"]!.AsArray().Select(item => (string)item!["name"]!));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Equal(["page-4", "page-3", "page-2", "page-1", "page-0"], seen.Where(name => name.StartsWith("page-", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task List_WithFilters_HasOnlyWhatFits()
    {
        await requests.CreateAsync("filter-me");
        using var response = await requests.Alice.PostAsJsonAsync("/v1/workspaces", new
        {
            name = "filter-target",
            blueprint = "target",
            target = new { kind = "StatefulSet", @namespace = "shop", name = "carts" },
        });
        await response.ShouldBeAsync(HttpStatusCode.Accepted);

        Assert.Equal(["filter-target"], await NamesAsync(requests.Alice, "target=StatefulSet/shop/carts"));
        Assert.Contains("filter-me", await NamesAsync(requests.Alice, "state=requested&limit=200"));
        Assert.Contains("filter-me", await NamesAsync(requests.Admin, "owner=alice&limit=200"));
        Assert.Empty(await NamesAsync(requests.Alice, "state=Failed&target=StatefulSet/shop/carts"));
        Assert.Empty(await NamesAsync(requests.Bob, "owner=alice"));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("state=Sleeping", "state")]
    [InlineData("state=3", "state")]
    [InlineData("target=payments", "target")]
    [InlineData("cursor=abc", "cursor")]
    public async Task List_WithABadQuery_PointsAtIt(string query, string pointer)
    {
        using var response = await requests.Alice.GetAsync($"/v1/workspaces?{query}");

        Assert.Equal([pointer], (await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "invalid-query")).Pointers());
    }

    [Fact]
    public async Task Events_OfAWorkspace_FollowItUntilItIsReady()
    {
        var id = (string)(await requests.CreateAsync("followed"))["id"]!;
        using var response = await requests.Alice.GetAsync("/v1/workspaces/followed/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        await using var stream = await response.Content.ReadAsStreamAsync();
        var states = new List<string>();

        await foreach (var item in SseParser.Create(stream).EnumerateAsync())
        {
            states.Add((string)JsonNode.Parse(item.Data)!["state"]!);
            if (states is ["Requested"])
            {
                await requests.Bus.PublishAsync(TestWorkspaces.Progressed(Contracts.WorkspaceStage.Pulling, 1) with { WorkspaceId = id });
            }
            else if (states[^1] == "Starting")
            {
                await requests.Bus.PublishAsync(TestWorkspaces.Ready(id: id));
            }
        }

        Assert.Equal(["Requested", "Starting", "Ready"], states);
    }

    [Fact]
    public async Task Post_WithATraceContext_IsPublishedInTheSameTrace()
    {
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/workspaces") { Content = JsonContent.Create(new { name = "traced", blueprint = "plain" }) };
        request.Headers.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");

        using var response = await requests.Alice.SendAsync(request);
        await response.ShouldBeAsync(HttpStatusCode.Accepted);

        var published = await requests.Bus.NextAsync("WorkspaceRequested", message => (string?)message["name"] == "traced");
        Assert.Contains(Trace, published.Envelope, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Extend_WithinTheBlueprintsMaximum_MovesTheEnd()
    {
        using var created = await requests.Alice.PostAsJsonAsync("/v1/workspaces", new { name = "extend", blueprint = "rich", parameters = new { team = "x" } });
        var before = (DateTimeOffset)(await created.ShouldBeAsync(HttpStatusCode.Accepted))["expiresAt"]!;

        using var extended = await requests.Alice.PostAsJsonAsync("/v1/workspaces/extend/extend", new { ttl = "23h" });
        Assert.True((DateTimeOffset)(await extended.ShouldBeAsync(HttpStatusCode.OK))["expiresAt"]! > before.AddHours(18));

        using var beyond = await requests.Alice.PostAsJsonAsync("/v1/workspaces/extend/extend", new { ttl = "25h" });
        Assert.Equal(["/ttl"], (await beyond.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "validation-failed")).Pointers());
    }

    [Fact]
    public async Task Post_OfManyAtOnce_MakesAndPublishesEach()
    {
        var names = Enumerable.Range(0, 40).Select(number => $"crowd-{number}").ToList();

        await Task.WhenAll(names.Select(name => requests.CreateAsync(name)));

        foreach (var name in names)
        {
            await requests.Bus.NextAsync("WorkspaceRequested", message => (string?)message["name"] == name);
        }
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(HttpClient client, string query) =>
        [.. (await client.GetFromJsonAsync<JsonObject>($"/v1/workspaces?{query}"))!["items"]!.AsArray().Select(item => (string)item!["name"]!)];
}
