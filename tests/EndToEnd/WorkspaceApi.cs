using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Workspaces.EndToEnd;

/// <summary>What tests ask of the HTTP API again and again.</summary>
internal static class WorkspaceApi
{
    /// <summary>Creates a standalone workspace and waits until it is ready.</summary>
    public static async Task<JsonObject> CreateReadyAsync(this Suite suite, string name)
    {
        using var response = await suite.Requests.PostAsJsonAsync("/v1/workspaces", new { name, blueprint = "dev" });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return await suite.ReadyAsync(name);
    }

    /// <summary>Waits until a workspace is ready; a failure of it ends the wait with its reason.</summary>
    public static Task<JsonObject> ReadyAsync(this Suite suite, string name) =>
        Eventually.FindAsync(async () =>
        {
            var workspace = await suite.GetAsync(name);
            return (string?)workspace["state"] switch
            {
                "Ready" => workspace,
                "Failed" => throw new InvalidOperationException($"workspace {name} failed: {workspace}"),
                _ => null,
            };
        }, $"workspace {name} ready");

    /// <summary>The workspace as the API shows it.</summary>
    public static async Task<JsonObject> GetAsync(this Suite suite, string name) =>
        (await suite.Requests.GetFromJsonAsync<JsonObject>($"/v1/workspaces/{name}"))!;

    /// <summary>Deletes a workspace and waits until the API no longer knows it.</summary>
    public static async Task DeleteAsync(this Suite suite, string name)
    {
        using var response = await suite.Requests.DeleteAsync($"/v1/workspaces/{name}");
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await Eventually.TrueAsync(async () =>
        {
            using var asked = await suite.Requests.GetAsync($"/v1/workspaces/{name}");
            return asked.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone;
        }, $"workspace {name} gone");
    }

    /// <summary>All events of one workspace, in the order of the log.</summary>
    public static async Task<IReadOnlyList<JsonObject>> EventsAsync(this Suite suite, string workspaceId)
    {
        var page = await suite.Auditor.GetFromJsonAsync<JsonObject>($"/v1/events?workspace={workspaceId}&limit=1000");
        return [.. page!["events"]!.AsArray().Select(item => item!.AsObject())];
    }
}
