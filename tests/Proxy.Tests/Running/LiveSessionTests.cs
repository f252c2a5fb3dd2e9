using System.Diagnostics;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Directory;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Proxy.Tests.Running;

/// <summary>Sessions that are ended from outside: people read why, and the audit trail says so.</summary>
public sealed class LiveSessionTests(Installation installation) : IClassFixture<Installation>
{
    [Fact]
    public async Task Session_WhenItsKeyIsRemoved_EndsWithinTenSecondsAndSaysWhy()
    {
        await StockSshd.KeygenAsync("-q", "-t", "ed25519", "-N", "", "-f", installation.Key("carol"));
        await installation.Bus.PublishAsync(Facts.Keys("carol", 1, installation.PublicKey("carol")));
        installation.Requests.Users["carol"] = new DirectoryUser("carol", 1, [installation.PublicKey("carol")]);
        await installation.PublishWorkspaceAsync("carols", "carol");
        await using var session = await OpenAsync("carol", "carols");

        installation.Requests.Users["carol"] = new DirectoryUser("carol", 2, []);
        var watch = Stopwatch.StartNew();
        await installation.Bus.PublishAsync(Facts.Keys("carol", 2));
        var error = await session.EndAsync();

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Contains("no longer stands for you", error, StringComparison.Ordinal);
        var closed = await installation.Bus.SeenAsync<SessionClosed>(closed => closed.User == "carol");
        Assert.Equal(SessionCloseReason.Revoked, closed[^1].Reason);

        // The same message again, and the older one, give nothing back.
        await installation.Bus.PublishAsync(Facts.Keys("carol", 1, installation.PublicKey("carol")));
        var again = await installation.Proxy.SshAsync(installation.Key("carol"), "carols", "true");
        Assert.Contains("Permission denied", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_WhenItsInstanceGoesDown_EndsAndSaysWhy()
    {
        var (up, _) = await installation.PublishWorkspaceAsync("crashing", "alice");
        await using var session = await OpenAsync("alice", "crashing");

        installation.Requests.Instances.TryRemove(up.InstanceId, out _);
        await installation.Bus.PublishAsync(new InstanceDown
        {
            EventId = Guid.NewGuid(),
            OccurredAt = Facts.Time(5),
            WorkspaceId = up.WorkspaceId,
            Generation = 1,
            InstanceId = up.InstanceId,
            Reason = InstanceDownReason.Evicted,
        });

        Assert.Contains("the cluster evicted its pod", await session.EndAsync(), StringComparison.Ordinal);
        var closed = await installation.Bus.SeenAsync<SessionClosed>(closed => closed.InstanceId == up.InstanceId && closed.Reason == SessionCloseReason.InstanceClosed);
        Assert.Single(closed);
    }

    [Fact]
    public async Task Session_WhenItsSshdIsKilled_EndsWithoutWaitingForTheNews()
    {
        var (up, sshd) = await installation.PublishWorkspaceAsync("killed", "alice");
        await using var session = await OpenAsync("alice", "killed");

        await sshd.StopAsync();

        Assert.Contains($"Instance {up.Pod.Name} of workspace killed went away", await session.EndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_WhenItsWorkspaceIsDeleted_EndsAndSaysWhy()
    {
        var (up, _) = await installation.PublishWorkspaceAsync("deleted", "alice");
        await using var session = await OpenAsync("alice", "deleted");

        installation.Requests.Workspaces.TryRemove(up.WorkspaceId, out _);
        await installation.Bus.PublishAsync(new WorkspaceDeleted { EventId = Guid.NewGuid(), OccurredAt = Facts.Time(9), WorkspaceId = up.WorkspaceId, Generation = 2 });

        Assert.Contains("Workspace deleted was deleted", await session.EndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_WhenTheBrokerIsLostAndBack_GoesOnAndTheProxyLearnsWhatItMissed()
    {
        var (kept, _) = await installation.PublishWorkspaceAsync("kept", "alice");
        await using var session = await OpenAsync("alice", "kept");

        await installation.CutBrokerAsync();
        var missed = await installation.AddWorkspaceAsync(installation.NewId(), "missed", "alice");

        await Eventually.TrueAsync(async () =>
            (await installation.Proxy.SshAsync(installation.Key("alice"), "missed", "true")).ExitCode == 0, "what was missed");
        Assert.Equal("still here", await session.SayAsync("echo still here"));
        Assert.NotEqual(kept.InstanceId, missed.Up.InstanceId);
    }

    private Task<LiveSession> OpenAsync(string user, string login) => LiveSession.OpenAsync(installation.Proxy, installation.Key(user), login);
}
