using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Workspaces.Requests.Tests.Running;

namespace Workspaces.Requests.Tests.Blueprints;

/// <summary>Blueprints over HTTP, and the folder that they come from.</summary>
[Collection(RequestsCollection.Name)]
public sealed class BlueprintsApiTests(RunningRequests requests)
{
    [Fact]
    public async Task List_NamesWhatThereIs()
    {
        var blueprints = (await requests.Alice.GetFromJsonAsync<JsonArray>("/v1/blueprints"))!;

        var rich = blueprints.Single(blueprint => (string?)blueprint!["name"] == "rich")!;
        Assert.Equal("base", (string?)rich["extends"]);
        Assert.Equal(["1", "2", "4"], rich["parameters"]!["cpu"]!["allowed"]!.AsArray().Select(value => (string)value!));
        Assert.True((bool?)blueprints.Single(blueprint => (string?)blueprint!["name"] == "base")!["abstract"]);
    }

    [Fact]
    public async Task Get_OfAnUnknownBlueprint_NamesTheNearest()
    {
        using var response = await requests.Alice.GetAsync("/v1/blueprints/rihc");

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "blueprint-not-found");
        Assert.Contains("'rich'", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolve_ShowsTheResultAndWhereItIsFrom()
    {
        using var response = await requests.Alice.PostAsJsonAsync("/v1/blueprints/rich/resolve", new { parameters = new { team = "core" } });

        var resolved = await response.ShouldBeAsync(HttpStatusCode.OK);
        Assert.Equal("core", (string?)resolved["blueprint"]!["env"]!["TEAM"]);
        Assert.Equal("/home/alice", (string?)resolved["blueprint"]!["storage"]!["home"]!["path"]);
        Assert.StartsWith("base.yaml:3", (string?)resolved["origins"]!["/image"], StringComparison.Ordinal);
        Assert.Empty(resolved["ignored"]!.AsArray());
    }

    [Fact]
    public async Task Folder_ThatChanges_IsReadAgain_AndABadSetIsRefusedWhole()
    {
        var path = Path.Combine(requests.BlueprintFolder, "new.yaml");
        await File.WriteAllTextAsync(path, "name: new\nextends: base\n");
        await StatusAsync("new", HttpStatusCode.OK);

        // Bad: the last good set stays, and others can be used.
        await File.WriteAllTextAsync(path, "name: newer\nextends: base\nimge: x\n");
        await Eventually.FindAsync(() => requests.Service.Log.Contains("new.yaml:3:1: 'imge' is not a key", StringComparison.Ordinal) ? "seen" : null, "the problem in the log");
        await StatusAsync("new", HttpStatusCode.OK);
        await StatusAsync("newer", HttpStatusCode.NotFound);
        using (var health = await requests.Client(null).GetAsync("/health/ready"))
        {
            Assert.Contains("imge", (await health.ShouldBeAsync(HttpStatusCode.OK)).ToJsonString(), StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(path, "name: newer\nextends: base\n");
        await StatusAsync("newer", HttpStatusCode.OK);
        await StatusAsync("new", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task OpenApi_DescribesTheOperations()
    {
        var document = (await requests.Client(null).GetFromJsonAsync<JsonObject>("/openapi/v1.json"))!;

        var paths = document["paths"]!.AsObject();
        Assert.Equal("CreateWorkspace", (string?)paths["/v1/workspaces"]!["post"]!["operationId"]);
        Assert.NotNull(paths["/v1/workspaces"]!["post"]!["requestBody"]);
        Assert.DoesNotContain(paths, path => path.Key.StartsWith("/internal", StringComparison.Ordinal));
    }

    private async Task StatusAsync(string name, HttpStatusCode status) => await Eventually.FindAsync(async () =>
    {
        using var response = await requests.Alice.GetAsync($"/v1/blueprints/{name}");
        return response.StatusCode == status ? "so" : null;
    }, $"{name} answers {status}");
}
