using Workspaces.Auditor.Log;
using Workspaces.Auditor.Operating;
using Workspaces.Auditor.Retention;
using Xunit;

namespace Workspaces.Auditor.Tests.Operating;

public sealed class ExportCommandTests : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("workspaces-export-");
    private AuditorHost _auditor = null!;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        _auditor = await AuditorHost.StartAsync(_postgres.ConnectionString);
        await _auditor.Get<LogWriter>().AppendAsync(
            [.. new[] { "abc", "xyz", "abc", "xyz", "abc" }.Select(workspace => Messages.Received(Messages.Ready(workspace)))], TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _auditor.DisposeAsync();
        await _postgres.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("log.ndjson")]
    [InlineData("log.ndjson.gz")]
    public async Task Run_Range_IsAFileThatVerifies(string name)
    {
        Assert.Equal(0, await RunAsync(name, "after=1", "upto=4"));

        var verification = await ArchiveFile.VerifyAsync(File(name), previous: null, TestContext.Current.CancellationToken);
        Assert.Equal((2, 4, null), (verification.First, verification.Last, verification.Problem));
    }

    [Fact]
    public async Task Run_Filter_HasWhatMatches()
    {
        Assert.Equal(0, await RunAsync("log.ndjson", "workspace=xyz", "type=WorkspaceReady"));

        await using var file = System.IO.File.OpenRead(File("log.ndjson"));
        var entries = new List<LogEntry>();
        await foreach (var entry in LogLines.ReadAsync(file, TestContext.Current.CancellationToken))
        {
            entries.Add(entry);
        }

        Assert.Equal([2, 4], entries.Select(entry => entry.Sequence));
    }

    [Theory]
    [InlineData("limit=5")]
    [InlineData("typ=WorkspaceReady")]
    [InlineData("after=x")]
    [InlineData("after")]
    [InlineData("after=1", "after=2")]
    public async Task Run_BadParameter_IsRefusedWithoutAFile(params string[] parameters)
    {
        Assert.Equal(2, await RunAsync("log.ndjson", parameters));

        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public async Task Run_BeginningIsArchived_IsRefusedWithoutAFile()
    {
        await ArchivedLog.UptoAsync(_auditor, 3);

        Assert.Equal(1, await RunAsync("log.ndjson"));
        Assert.Empty(_folder.GetFiles());
        Assert.Equal(0, await RunAsync("log.ndjson", "after=3"));
    }

    private string File(string name) => Path.Combine(_folder.FullName, name);

    private Task<int> RunAsync(string name, params string[] parameters) =>
        _auditor.Get<ExportCommand>().RunAsync(File(name), parameters, TestContext.Current.CancellationToken);
}
