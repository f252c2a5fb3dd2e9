using Workspaces.Auditor.Documents;
using Xunit;

namespace Workspaces.Auditor.Tests.Documents;

/// <summary>The AsyncAPI document as other teams' tools read it.</summary>
public sealed class AsyncApiTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("workspaces-asyncapi-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Document_ReadByTheAsyncApiParser_HasNoProblem()
    {
        var (isValid, output) = await AsyncApiParser.ParseAsync(AsyncApiDocument.Document, _folder);

        Assert.True(isValid, output);
        Assert.Contains($"parsed: 3.0.0, {AsyncApiDocument.Document["channels"]!.AsObject().Count} channels", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("operations/sendInstanceUp/action", "offer")]
    [InlineData("components/messages/InstanceUp/payload/$ref", "schemas/Nothing.json")]
    [InlineData("channels/InstanceUp/messages/InstanceUp/$ref", "#/components/messages/Nothing")]
    public async Task Document_WithAFault_IsNoticedByTheParser(string path, string value)
    {
        var document = AsyncApiDocument.Document.DeepClone();
        var names = path.Split('/');
        var parent = names[..^1].Aggregate(document, (node, name) => (int.TryParse(name, out var index) ? node[index] : node[name])!);
        Assert.NotNull(parent[names[^1]]);
        parent[names[^1]] = value;

        var (isValid, output) = await AsyncApiParser.ParseAsync(document, _folder);

        Assert.False(isValid, output);
    }
}
