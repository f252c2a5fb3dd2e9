using System.Net;
using System.Net.Http.Json;
using Workspaces.Contracts;
using Workspaces.Requests.Lifetimes;
using Workspaces.Requests.Tests.Running;
using Workspaces.Requests.Tests.Workspaces;
using Workspaces.Requests.Workspaces;

namespace Workspaces.Requests.Tests.Lifetimes;

/// <summary>The clock: time to live ends in deletion, idleness in a stop.</summary>
public sealed class LifetimesTests
{
    [Fact]
    public void StopAt_OfAReadyWorkspace_CountsFromItsLastUse()
    {
        var ready = WorkspaceEvolution.Apply(WorkspaceEvolution.Apply(null, TestWorkspaces.Requested(idleStop: "1h")), TestWorkspaces.Ready())!;
        var readyAt = TestWorkspaces.Ready().OccurredAt;

        Assert.Equal(readyAt.AddHours(1), IdlePolicy.StopAt(ready, null));
        Assert.Equal(readyAt.AddHours(1), IdlePolicy.StopAt(ready, readyAt.AddHours(-5)));
        Assert.Equal(readyAt.AddHours(6), IdlePolicy.StopAt(ready, readyAt.AddHours(5)));
    }

    [Fact]
    public void StopAt_OfAWorkspaceThatDoesNotStop_IsNever()
    {
        Assert.Null(IdlePolicy.StopAt(TestWorkspaces.After(TestWorkspaces.Ready()), null));
        Assert.Null(IdlePolicy.StopAt(WorkspaceEvolution.Apply(null, TestWorkspaces.Requested(idleStop: "1h"))!, null));
    }

    /// <summary>With a clock that looks often.</summary>
    public sealed class Running(RunningRequests requests) : IClassFixture<RunningRequests>
    {
        [Fact]
        public async Task Clock_DeletesTheExpiredAndStopsTheIdle()
        {
            await File.WriteAllTextAsync(Path.Combine(requests.BlueprintFolder, "idle.yaml"), "name: idle\nextends: base\nlifetime: { idleStop: 1s }\n");
            await requests.Service.KillAsync();
            requests.Settings["Lifetimes__Interval"] = "00:00:00.2";
            requests.Settings["Lifetimes__IdleGrace"] = "00:00:00";
            await requests.StartAsync();

            using var created = await requests.Alice.PostAsJsonAsync("/v1/workspaces", new { name = "short", blueprint = "plain", ttl = "1s" });
            var expiring = (string)(await created.ShouldBeAsync(HttpStatusCode.Accepted))["id"]!;
            var deletion = await requests.Bus.NextAsync("WorkspaceDeletionRequested", message => (string?)message["workspaceId"] == expiring);
            Assert.Equal("Expired", (string?)deletion.Message["reason"]);

            var idle = (string)(await requests.CreateAsync("idle", "idle"))["id"]!;
            var used = (string)(await requests.CreateAsync("used", "idle"))["id"]!;
            await requests.Bus.PublishAsync(new WorkspaceActivity
            {
                EventId = Guid.NewGuid(),
                OccurredAt = DateTimeOffset.UtcNow.AddHours(1),
                WorkspaceId = used,
                OpenSessions = 1,
                LastTrafficAt = DateTimeOffset.UtcNow,
            });
            await requests.Bus.PublishAsync(TestWorkspaces.Ready(id: used));
            await requests.Bus.PublishAsync(TestWorkspaces.Ready(id: idle));

            var stop = await requests.Bus.NextAsync("WorkspaceStopRequested", message => (string?)message["workspaceId"] == idle);
            Assert.Equal("Idle", (string?)stop.Message["reason"]);
            Assert.Equal("system", (string?)stop.Message["requestedBy"]);
            var still = await requests.InStateAsync(used, "Ready");
            Assert.True((DateTimeOffset)still["idleStopAt"]! > DateTimeOffset.UtcNow);
        }
    }
}
