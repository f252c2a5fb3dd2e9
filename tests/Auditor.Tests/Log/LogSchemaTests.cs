using Marten;
using Xunit;

namespace Workspaces.Auditor.Tests.Log;

public sealed class LogSchemaTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    /// <summary>What is applied at every start must find nothing to do: an index that looks different each time would be built anew, over the whole log.</summary>
    [Fact]
    public async Task Apply_Twice_ChangesNothingTheSecondTime()
    {
        await using var auditor = await AuditorHost.StartAsync(postgres.ConnectionString);
        var storage = auditor.Get<IDocumentStore>().Storage;
        await storage.ApplyAllConfiguredChangesToDatabaseAsync();

        await storage.Database.AssertDatabaseMatchesConfigurationAsync(TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("type")]
    [InlineData("workspace_id")]
    [InlineData("owner")]
    [InlineData("user")]
    [InlineData("target")]
    [InlineData("session_id")]
    [InlineData("instance_id")]
    public async Task Index_OfWhatPeopleAskFor_GivesTheOrderOfTheLogAndTheTime(string column)
    {
        await using var auditor = await AuditorHost.StartAsync(postgres.ConnectionString);
        await using var command = auditor.Get<Npgsql.NpgsqlDataSource>().CreateCommand("SELECT indexdef FROM pg_indexes WHERE schemaname = 'log' AND tablename = 'mt_doc_logentry'");
        var definitions = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            definitions.Add(reader.GetString(0).Replace("\"", "", StringComparison.Ordinal));
        }

        Assert.Contains(definitions, definition => definition.Contains($"({column}, id, occurred_at)", StringComparison.Ordinal));
    }
}
