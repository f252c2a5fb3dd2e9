using System.Net;
using System.Net.Http.Json;
using Workspaces.Requests.Tests.Running;

namespace Workspaces.Requests.Tests.Workspaces;

/// <summary>The API of workspaces against the real service, PostgreSQL and RabbitMQ.</summary>
public sealed class WorkspacesApiTests(RunningRequests requests) : IClassFixture<RunningRequests>
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
}
