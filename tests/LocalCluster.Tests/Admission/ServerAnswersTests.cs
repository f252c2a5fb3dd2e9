using System.Net;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Tests.Api;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Admission;

/// <summary>Requests with the answers that the API server of Kubernetes 1.36 gives them, word for word: one file an area, one request a line.</summary>
public sealed class ServerAnswersTests(AnswersCluster cluster) : IClassFixture<AnswersCluster>
{
    private static readonly string[] Areas = ["pods", "pod-updates", "workloads", "services", "objects"];

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var area in Areas)
        {
            foreach (var known in Read(area))
            {
                cases.Add(area, (string)known["name"]!);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Request_GetsTheServersAnswer(string area, string name)
    {
        var known = Read(area).Single(c => (string?)c["name"] == name);
        var path = Here((string)known["path"]!) + "?dryRun=All&fieldManager=test";
        var body = known["body"] as JsonObject;
        var answer = await cluster.Client.SendAsync(
            new HttpMethod((string)known["method"]!), path, body?.ToJsonString() ?? (string)known["body"]!, (string?)known["type"] ?? "application/json");
        Assert.Equal(known["message"] is { } message ? Here((string)message!) : null, answer.Message);
        Assert.Equal((HttpStatusCode)(int)known["code"]!, answer.Code);
        Assert.Equal(
            known["warnings"] is JsonArray warnings ? [.. warnings.Select(w => (string)w!)] : (string[])[],
            answer.Warnings.Where(w => !w.StartsWith("LocalCluster: ", StringComparison.Ordinal))); // those say what LocalCluster does not do
    }

    private string Here(string text) => text.Replace("{ns}", cluster.Namespace, StringComparison.Ordinal);

    private static List<JsonObject> Read(string area) =>
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Admission", "Answers", $"{area}.json")))!.AsArray().Select(n => n!.AsObject())];
}
