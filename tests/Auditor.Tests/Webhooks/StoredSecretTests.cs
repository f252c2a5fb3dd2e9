using System.Net;
using Npgsql;
using Workspaces.Auditor.Log;
using Workspaces.Support.Webhooks;
using Xunit;

namespace Workspaces.Auditor.Tests.Webhooks;

/// <summary>Secrets of subscriptions in the database: encrypted, by a key that can be changed.</summary>
public sealed class StoredSecretTests : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private readonly string _keyFile = Path.GetTempFileName();
    private readonly string _oldKey = SecretsKey.New();
    private AuditorHost _auditor = null!;
    private WebhookClient _api = null!;
    private WebhookReceiver _receiver = null!;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        _receiver = await WebhookReceiver.StartAsync();
        await StartAsync(_oldKey);
    }

    public async ValueTask DisposeAsync()
    {
        await _auditor.DisposeAsync();
        await _receiver.DisposeAsync();
        await _postgres.DisposeAsync();
        File.Delete(_keyFile);
    }

    [Fact]
    public async Task Create_Subscription_LeavesNoSecretInTheDatabase()
    {
        var (id, secret) = await _api.CreateAsync(new { url = _receiver.Url });

        await AssertIsDeliveredAsync(secret);

        Assert.DoesNotContain(secret["whsec_".Length..], await RowAsync(id), StringComparison.Ordinal);
        Assert.Contains("aes256gcm.", await RowAsync(id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WithANewKeyFirst_MovesSecretsToItSoThatTheOldOneCanGo()
    {
        var (id, secret) = await _api.CreateAsync(new { url = _receiver.Url });
        var before = await RowAsync(id);
        var key = SecretsKey.New();

        await StartAsync($"{key}\n{_oldKey}");
        await Eventually.TrueAsync(async () => await RowAsync(id) != before, "the secret is encrypted anew");

        await StartAsync(key);
        await AssertIsDeliveredAsync(secret);
    }

    [Fact]
    public async Task Start_SecretsStoredInPlainText_AreEncrypted()
    {
        const string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        var (id, _) = await _api.CreateAsync(new { url = _receiver.Url });
        await ExecuteAsync($"UPDATE log.mt_doc_subscription SET data = jsonb_set(data, '{{secrets,0,text}}', '\"{secret}\"') WHERE id = '{id}'");
        Assert.Contains(secret, await RowAsync(id), StringComparison.Ordinal);

        await StartAsync(_oldKey);

        await Eventually.TrueAsync(async () => !(await RowAsync(id)).Contains(secret, StringComparison.Ordinal), "the secret is encrypted");
        await AssertIsDeliveredAsync(secret);
    }

    [Fact]
    public async Task Start_KeyIsGone_DeliversForOthersAndGoesOnWithARotatedSecret()
    {
        var (lost, _) = await _api.CreateAsync(new { url = _receiver.Url, workspace = "abc" });
        await StartAsync(SecretsKey.New());
        await _api.CreateAsync(new { url = _receiver.Url, workspace = "xyz" });

        await AppendAsync("abc", "xyz");
        await Eventually.TrueAsync(() => _receiver.Received.Count == 1, "the other one's event has arrived");
        var (status, rotated) = await _api.SendAsync(HttpMethod.Post, $"/{lost}/rotate-secret");

        Assert.Equal(HttpStatusCode.OK, status);
        await Eventually.TrueAsync(() => _receiver.Received.Count == 2, "what waited has arrived");
        Assert.True(_receiver.Received.Last().IsSignedBy((string)rotated!["secret"]!));
    }

    [Fact]
    public async Task Start_WithoutAKey_SaysWhatIsMissing()
    {
        var problem = await Assert.ThrowsAsync<InvalidOperationException>(
            () => AuditorHost.StartAsync(_postgres.ConnectionString, settings: [("Webhooks:SecretsKeyFile", "")]));

        Assert.Contains("Webhooks:SecretsKeyFile is missing", problem.Message, StringComparison.Ordinal);
    }

    private async Task StartAsync(string keys)
    {
        if (_auditor is not null)
        {
            await _auditor.DisposeAsync();
        }

        await File.WriteAllTextAsync(_keyFile, keys);
        _auditor = await AuditorHost.StartAsync(_postgres.ConnectionString, settings: [.. AuditorHost.LoopbackWebhooks, ("Webhooks:SecretsKeyFile", _keyFile)]);
        _api = new WebhookClient(_auditor);
    }

    private async Task AssertIsDeliveredAsync(string secret)
    {
        await AppendAsync("abc");
        await Eventually.TrueAsync(() => _receiver.Received.Count == 1, "the event has arrived");
        Assert.True(_receiver.Received.Single().IsSignedBy(secret));
    }

    private async Task AppendAsync(params string[] workspaces) => await _auditor.Get<LogWriter>().AppendAsync(
        [.. workspaces.Select(workspace => Messages.Received(Messages.Ready(workspace)))], TestContext.Current.CancellationToken);

    private async Task<string> RowAsync(string id)
    {
        await using var command = _auditor.Get<NpgsqlDataSource>().CreateCommand("SELECT data::text FROM log.mt_doc_subscription WHERE id = $1");
        command.Parameters.AddWithValue(id);
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _auditor.Get<NpgsqlDataSource>().CreateCommand(sql);
        Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }
}
