using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.Auditor.Documents;
using Workspaces.Auditor.Feed;
using Workspaces.Auditor.Log;
using Xunit;

namespace Workspaces.Auditor.Tests.Documents;

/// <summary>
/// The documents that other teams generate code from. Snapshots are in <c>Snapshots/</c>: a change of a contract shows in a diff. After a change
/// that is meant, run the tests with <c>UPDATE_SNAPSHOTS=1</c> and commit what they wrote.
/// </summary>
public sealed class DocumentsTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static TheoryData<string> Events() => [.. EventSchemas.All.Keys];

    [Fact]
    public void AsyncApi_Document_IsTheSnapshot() => IsTheSnapshot("asyncapi", AsyncApiDocument.Document);

    [Theory]
    [MemberData(nameof(Events))]
    public void Schema_OfEvent_IsTheSnapshot(string name) => IsTheSnapshot(name, EventSchemas.All[name]);

    [Theory]
    [MemberData(nameof(Events))]
    public void Schema_OfEvent_DescribesEveryMember(string name) => Assert.All(
        EventSchemas.All[name]["properties"]!.AsObject(),
        member => Assert.True(member.Value!["description"] is not null, $"{name}.{member.Key} is not described."));

    [Fact]
    public void AsyncApi_References_LeadSomewhere() => Assert.All(
        ReferencesIn(AsyncApiDocument.Document),
        reference => Assert.True(
            reference.StartsWith("schemas/", StringComparison.Ordinal)
                ? EventSchemas.All.ContainsKey(reference["schemas/".Length..^".json".Length])
                : reference[2..].Split('/').Aggregate((JsonNode?)AsyncApiDocument.Document, (node, name) => node?[name]) is not null,
            reference));

    [Theory]
    [MemberData(nameof(Events))]
    public void Address_OfEvent_IsTheFormOfItsRoutingKey(string name)
    {
        var template = FeedAddress.Of(EventSchemas.Types.Single(type => type.Name == name)).Template;
        var key = FeedRouting.KeyOf(Entry(name));

        Assert.Equal(
            template.Replace("{model}", "standalone").Replace("{workspace}", "abc").Replace("{user}", "bob").Replace("{reason}", "unknownkey")
                .Replace("{namespace}", "shop").Replace("{kind}", "deployment").Replace("{name}", "payments"),
            key);
        Assert.Contains($"`{template}`", EventsPage.Text, StringComparison.Ordinal);
        Assert.Contains($"`{name}`", EventsPage.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_Documents_NeedNoToken()
    {
        await using var auditor = await AuditorHost.StartAsync(postgres.ConnectionString);

        var asyncApi = JsonNode.Parse(await auditor.Client.GetStringAsync("/v1/asyncapi.json", TestContext.Current.CancellationToken))!;
        var list = JsonNode.Parse(await auditor.Client.GetStringAsync("/v1/schemas", TestContext.Current.CancellationToken))!;
        Assert.Equal("3.0.0", (string?)asyncApi["asyncapi"]);
        foreach (var link in list["schemas"]!.AsArray())
        {
            var schema = JsonNode.Parse(await auditor.Client.GetStringAsync((string)link!["href"]!, TestContext.Current.CancellationToken))!;
            Assert.Equal((string?)link["event"], (string?)schema["title"]);
        }

        using var unknown = await auditor.Client.GetAsync("/v1/schemas/Nothing.json", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static IEnumerable<string> ReferencesIn(JsonNode? node) => node switch
    {
        JsonObject found => found.SelectMany(member => member is { Key: "$ref", Value: JsonValue value } ? [(string)value!] : ReferencesIn(member.Value)),
        JsonArray items => items.SelectMany(ReferencesIn),
        _ => [],
    };

    private static LogEntry Entry(string type) => new()
    {
        Sequence = 1,
        EventId = Guid.NewGuid(),
        Type = type,
        WorkspaceId = "abc",
        User = "bob",
        Target = "shop/Deployment/payments",
        OccurredAt = Messages.Time,
        StoredAt = Messages.Time,
        MessageForm = MessageForm.Json,
        Message = """{"model":"standalone","reason":"UnknownKey"}""",
        MessageHash = "",
        PreviousHash = "",
        Hash = "",
    };

    private static void IsTheSnapshot(string name, JsonNode document, [CallerFilePath] string here = "")
    {
        var text = document.ToJsonString(Indented) + "\n";
        var path = Path.Combine(Path.GetDirectoryName(here)!, "Snapshots", $"{name}.json");
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.True(File.Exists(path), $"No snapshot {name}. Run with UPDATE_SNAPSHOTS=1 and commit {path}.");
        Assert.Equal(File.ReadAllText(path), text);
    }
}
