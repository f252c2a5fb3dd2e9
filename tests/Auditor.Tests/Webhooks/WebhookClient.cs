using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Workspaces.ServiceDefaults.Authentication;
using Xunit;

namespace Workspaces.Auditor.Tests.Webhooks;

/// <summary>The subscription API as a client sees it.</summary>
internal sealed class WebhookClient(AuditorHost auditor)
{
    public async Task<(HttpStatusCode Status, JsonNode? Json)> SendAsync(HttpMethod method, string path, object? body = null, string token = Scopes.SubscriptionsManage)
    {
        using var request = new HttpRequestMessage(method, $"/v1/subscriptions{path}") { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", token);
        using var response = await auditor.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>Makes a subscription and returns its id and secret.</summary>
    public async Task<(string Id, string Secret)> CreateAsync(object body)
    {
        var (status, json) = await SendAsync(HttpMethod.Post, "", body);
        Assert.True(status == HttpStatusCode.Created, $"{status}: {json}");
        return ((string)json!["id"]!, (string)json["secret"]!);
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        var (status, json) = await SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, status);
        return json!;
    }

    public async Task<JsonArray> DeliveriesAsync(string id, string query = "") => (await GetAsync($"/{id}/deliveries{query}"))["deliveries"]!.AsArray();
}
