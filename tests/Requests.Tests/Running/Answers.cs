using System.Net;
using System.Text.Json.Nodes;

namespace Workspaces.Requests.Tests.Running;

/// <summary>Reads answers of the API.</summary>
internal static class Answers
{
    /// <summary>The body of an answer with this status.</summary>
    public static async Task<JsonObject> ShouldBeAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} instead of {(int)status}: {body}");
        return JsonNode.Parse(body)!.AsObject();
    }

    /// <summary>Problem details (RFC 9457) with this status and code, without anything internal.</summary>
    public static async Task<JsonObject> ShouldBeProblemAsync(this HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var problem = await response.ShouldBeAsync(status);
        var body = problem.ToJsonString();
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(code, (string?)problem["code"]);
        Assert.Equal((int)status, (int?)problem["status"]);
        Assert.False(string.IsNullOrEmpty((string?)problem["detail"]), body);
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", body, StringComparison.Ordinal);
        Assert.DoesNotContain("Workspaces.Requests", body, StringComparison.Ordinal);
        return problem;
    }

    /// <summary>JSON pointers of the fields that a problem names.</summary>
    public static IReadOnlyList<string> Pointers(this JsonObject problem) =>
        [.. problem["errors"]!.AsArray().Select(error => (string)error!["pointer"]!)];
}
