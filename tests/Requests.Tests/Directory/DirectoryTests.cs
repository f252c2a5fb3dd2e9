using System.Net;
using System.Net.Http.Json;
using Workspaces.Contracts;
using Workspaces.Requests.Tests.Running;
using Workspaces.Requests.Tests.Workspaces;
using Workspaces.ServiceDefaults.Authentication;
using Workspaces.ServiceDefaults.Directory;

namespace Workspaces.Requests.Tests.Directory;

/// <summary>What services ask Requests.</summary>
[Collection(RequestsCollection.Name)]
public sealed class DirectoryTests(RunningRequests requests)
{
    [Fact]
    public async Task Directory_HasUsersWorkspacesAndInstances()
    {
        var id = (string)(await requests.CreateAsync("listed"))["id"]!;
        await requests.Bus.PublishAsync(TestWorkspaces.Up(7, id: id));
        await requests.Bus.PublishAsync(TestWorkspaces.Ready(id: id));
        await requests.InStateAsync(id, "Ready");

        var directory = await Eventually.FindAsync(async () =>
        {
            var read = await requests.Client(TestKeys.Proxy).GetFromJsonAsync<DirectorySnapshot>("/internal/v1/directory", ContractsJson.Options);
            return read!.Instances.Any(up => up.WorkspaceId == id) ? read : null;
        }, "the instance in the directory");

        var alice = directory.Users.Single(user => user.Name == "alice");
        Assert.Contains(string.Join(' ', TestKeys.AliceSshKey.Split(' ')[..2]), alice.Keys);
        Assert.True(alice.Version >= 1);
        Assert.Equal(
            new DirectoryWorkspace(id, "listed", "alice", "plain", WorkspaceModel.Standalone, 1, WorkspaceState.Ready),
            directory.Workspaces.Single(workspace => workspace.Id == id));
        Assert.Equal(TestWorkspaces.Up(7, id: id) with { Apps = [] }, directory.Instances.Single(up => up.WorkspaceId == id) with { Apps = [] });
    }

    [Fact]
    public async Task Introspect_OfAGoodKey_SaysWhoseItIs()
    {
        var info = await IntrospectAsync(TestKeys.Auditor, TestKeys.Alice);

        Assert.True(info.Active);
        Assert.Equal(("alice", "alice", "alice"), (info.Subject, info.Username, info.ClientId));
        Assert.Contains("workspaces:write", info.Scope!.Split(' '));
        Assert.Equal(["user"], info.Roles!);

        var bot = await IntrospectAsync(TestKeys.Proxy, TestKeys.Bot);
        Assert.Equal(("slack-bot", null), (bot.Subject, bot.Username));
    }

    [Theory]
    [InlineData("wsk_wrong000000000000000000000000000000000000")]
    [InlineData("nonsense")]
    [InlineData(TestKeys.Expired)]
    public async Task Introspect_OfAnyOtherToken_SaysNothing(string token) =>
        Assert.Equal(TokenInfo.Inactive, await IntrospectAsync(TestKeys.Auditor, token));

    [Fact]
    public async Task Introspect_WithoutAToken_Is400()
    {
        using var form = new FormUrlEncodedContent([]);
        using var response = await requests.Client(TestKeys.Auditor).PostAsync("/internal/v1/introspect", form);

        await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "missing-parameter");
    }

    private async Task<TokenInfo> IntrospectAsync(string key, string token)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("token", token)]);
        using var response = await requests.Client(key).PostAsync("/internal/v1/introspect", form);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<TokenInfo>(ContractsJson.Options))!;
    }
}
