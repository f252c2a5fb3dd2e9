using Xunit;

namespace Workspaces.EndToEnd.Injection;

/// <summary>From the HTTP API into each replica of a running service and out again, by stock ssh through the Proxy.</summary>
public sealed class RolloutModeTests(Suite suite, DemoService demo) : IClassFixture<DemoService>
{
    [Theory]
    [InlineData("Deployment", "demo", 3)]
    [InlineData("StatefulSet", "demo-stateful", 3)]
    [InlineData("DaemonSet", "demo-daemon", 1)]
    public async Task Workspace_InARunningService_IsInEachReplicaAndLeavesItAsItWas(string kind, string target, int replicas)
    {
        var name = $"in-{target}";
        var before = await demo.SpecAsync(kind, target);
        await demo.RequestAsync(name, kind, target);
        var workspace = await suite.ReadyAsync(name);

        var instances = workspace["instances"]!.AsArray();
        Assert.Equal(replicas, instances.Count);
        foreach (var instance in instances)
        {
            await SeesTheServiceAsync($"{name}.{(string)instance!["replica"]!}", (string)instance["pod"]!);
        }

        // By the whole name of the pod, and of a DaemonSet by the node.
        var some = instances[^1]!;
        Assert.Equal((string)some["pod"]!, await RunAsync($"dev~ws={name},replica={(string)some["pod"]!}", "hostname"));
        if (kind == "DaemonSet")
        {
            Assert.Equal((string)some["pod"]!, await RunAsync($"dev~ws={name},replica={(string)some["node"]!}", "hostname"));
        }

        await suite.DeleteAsync(name);
        Assert.Equal(before, await demo.SpecAsync(kind, target));
        Assert.Empty(await suite.Kubectl.GetAsync("pod,configmap,secret", "-n", "demo", "-l", $"workspaces.dev/workspace={(string)workspace["id"]!}"));
        await TellsTheStoryAsync((string)workspace["id"]!, replicas);
    }

    private async Task SeesTheServiceAsync(string login, string pod)
    {
        Assert.Equal(pod, await RunAsync(login, "hostname"));
        Assert.Contains("perl /srv/server.pl", await RunAsync(login, "ps -eo args"), StringComparison.Ordinal);
        var pid = await RunAsync(login, "pgrep -f '^perl /srv/server.pl'");
        var before = await RunAsync(login, "curl -sS localhost:8080");
        Assert.Equal($"demo {pod}, process {pid}, reloaded 0 times", before);
        Assert.Contains("demo service", await RunAsync(login, $"cat /proc/{pid}/root/srv/server.pl"), StringComparison.Ordinal);
        await RunAsync(login, $"kill -USR1 {pid}");
        Assert.EndsWith("reloaded 1 times", await RunAsync(login, "curl -sS localhost:8080"), StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string login, string command)
    {
        var run = await suite.Ssh.ExecAsync(login, command);
        Assert.True(run.ExitCode == 0, $"{login} {command}: {run}");
        return run.Output.Trim();
    }

    private async Task TellsTheStoryAsync(string id, int replicas)
    {
        var events = await Eventually.FindAsync(async () =>
        {
            var read = await suite.EventsAsync(id);
            return read.Any(each => (string?)each["type"] == "WorkspaceDeleted") ? read : null;
        }, "the deletion in the event log");

        Assert.Equal(replicas, events.Count(each => (string?)each["type"] == "InstanceUp"));
        var down = events.Where(each => (string?)each["type"] == "InstanceDown").ToArray();
        Assert.Equal(replicas, down.Length);
        Assert.All(down, each => Assert.Contains("Ejected", each.ToJsonString(), StringComparison.Ordinal));
        Assert.Single(events, each => (string?)each["type"] == "WorkspaceReady");
    }
}
