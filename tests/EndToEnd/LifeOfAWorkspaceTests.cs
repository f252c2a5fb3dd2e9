using System.Text.Json.Nodes;
using Xunit;

namespace Workspaces.EndToEnd;

/// <summary>One workspace from the request to its end, with the clients that people have: curl, ssh, kubectl.</summary>
public sealed class LifeOfAWorkspaceTests(Suite suite)
{
    [Fact]
    public async Task Workspace_FromRequestToDeletion_LeavesNothingBehindButItsStory()
    {
        // Asked for by curl: accepted, with a place to look.
        var created = (await Command.BashAsync(
            $$"""
            curl -sS -i -X POST "$REQUESTS_URL/v1/workspaces" -H "Authorization: Bearer $API_KEY" \
                 -H 'Content-Type: application/json' -d '{"name":"life","blueprint":"dev"}'
            """,
            environment: Environment())).MustSucceed();
        Assert.StartsWith("HTTP/1.1 202", created.Output, StringComparison.Ordinal);
        Assert.Matches("(?im)^location: .*/v1/workspaces/", created.Output);

        // Ready, and open to stock ssh by both forms of the login name.
        var workspace = await suite.ReadyAsync("life");
        var id = (string)workspace["id"]!;
        Assert.Equal("dev", (string?)workspace["owner"]);
        Assert.Equal("standalone", (string?)workspace["model"]);
        Assert.Single(workspace["instances"]!.AsArray());

        foreach (var login in new[] { "life", "dev~ws=life" })
        {
            var hello = await suite.Ssh.ExecAsync(login, "echo $WORKSPACE_NAME in $(hostname); exit 7");
            Assert.Equal(7, hello.ExitCode);
            Assert.Contains($"ws-{id}-0", hello.Output, StringComparison.Ordinal);
        }

        // Plain to see with kubectl.
        var names = (await suite.Kubectl.GetAsync("statefulset,pod,service,configmap,secret,serviceaccount", "-n", "workspaces", "-l", $"workspaces.dev/workspace={id}"))
            .Select(item => (string)item["kind"]!).ToHashSet();
        Assert.Superset(new HashSet<string> { "StatefulSet", "Pod", "Service", "ConfigMap", "Secret", "ServiceAccount" }, names);
        var executed = (await suite.Kubectl.RunAsync("exec", "-n", "workspaces", $"ws-{id}-0", "-c", "workspace", "--", "hostname")).MustSucceed();
        Assert.Equal($"ws-{id}-0", executed.Output.Trim());
        (await suite.Kubectl.RunAsync("logs", "-n", "workspaces", $"ws-{id}-0", "-c", "workspace")).MustSucceed();
        (await suite.Kubectl.RunAsync("describe", "pod", "-n", "workspaces", $"ws-{id}-0")).MustSucceed();

        // Deleted: every object goes.
        await suite.DeleteAsync("life");
        await Eventually.TrueAsync(async () =>
            (await suite.Kubectl.GetAsync(
                "statefulset,pod,service,configmap,secret,serviceaccount,persistentvolumeclaim,networkpolicy",
                "--all-namespaces", "-l", $"workspaces.dev/workspace={id}")).Count == 0, "no object of the workspace is left");

        await TellsTheWholeStoryAsync(id);
    }

    private async Task TellsTheWholeStoryAsync(string id)
    {
        var events = await Eventually.FindAsync(async () =>
        {
            var read = await suite.EventsAsync(id);
            return read.Any(e => (string?)e["type"] == "WorkspaceDeleted")
                && read.Count(e => (string?)e["type"] == "SessionClosed") == 2 ? read : null;
        }, "the deletion in the event log");

        // Each event once, and the milestones in the order in which they happened.
        Assert.Equal(events.Count, events.Select(e => (string?)e["eventId"]).Distinct().Count());
        var sequences = events.Select(e => long.Parse(e["sequence"]!.ToString(), System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(sequences.Order(), sequences);

        var milestones = events.Select(e => (string)e["type"]!)
            .Where(type => type is "WorkspaceRequested" or "InstanceUp" or "WorkspaceReady" or "WorkspaceDeletionRequested" or "InstanceDown" or "WorkspaceDeleted")
            .ToList();
        Assert.Equal("WorkspaceRequested", milestones[0]);
        Assert.Equal(["InstanceUp", "WorkspaceReady"], milestones[1..3].Order());
        Assert.Equal("WorkspaceDeletionRequested", milestones[3]);
        Assert.Equal(["InstanceDown", "WorkspaceDeleted"], milestones[4..].Order());
        Assert.Equal(2, events.Count(e => (string?)e["type"] == "SessionOpened"));
        Assert.Contains(events, e => (string?)e["type"] == "ChannelOpened" && IsExec(e));
    }

    private static bool IsExec(JsonObject entry) => entry.ToJsonString().Contains("WORKSPACE_NAME", StringComparison.Ordinal);

    private Dictionary<string, string> Environment() => new()
    {
        ["REQUESTS_URL"] = suite["REQUESTS_URL"],
        ["API_KEY"] = suite["API_KEY"],
    };
}
