using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Workspaces.Auditor.Heads;
using Workspaces.Auditor.Log;
using Workspaces.Auditor.Verifying;
using Xunit;

namespace Workspaces.Auditor.Tests.Heads;

/// <summary>Heads that others keep find what the chain alone cannot: a log that was computed anew.</summary>
public sealed class SignedHeadTests : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private readonly string _keyFile = Path.GetTempFileName();
    private AuditorHost _auditor = null!;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(_keyFile, key.ExportPkcs8PrivateKeyPem());
        _auditor = await AuditorHost.StartAsync(_postgres.ConnectionString, settings: [("SignedHeads:KeyFile", _keyFile), ("SignedHeads:Interval", "10.00:00:00")]);
        await _auditor.Get<LogWriter>().AppendAsync([.. Enumerable.Range(0, 5).Select(_ => Messages.Received(Messages.Ready()))], TestContext.Current.CancellationToken);
        await _auditor.Get<HeadPublisher>().PublishAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _auditor.DisposeAsync();
        await _postgres.DisposeAsync();
        File.Delete(_keyFile);
    }

    [Fact]
    public async Task Publish_HeadMoved_IsSignedOnceAndVerifiesWithThePublishedKey()
    {
        await _auditor.Get<HeadPublisher>().PublishAsync(TestContext.Current.CancellationToken); // it has not moved

        var jws = await OnlyHeadAsync();
        using var response = await _auditor.GetAsync("/v1/log/heads/key");
        using var key = ECDsa.Create();
        key.ImportFromPem(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var parts = jws.Split('.');
        Assert.True(key.VerifyData(
            System.Text.Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"),
            System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]),
            HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        var statement = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]))!;
        Assert.Equal((5, (await _auditor.Get<LogReader>().HeadAsync(TestContext.Current.CancellationToken)).Hash), ((int)statement["sequence"]!, (string?)statement["hash"]));
    }

    [Fact]
    public async Task Verify_WholeChainComputedAnew_IsFoundByAHeadThatSomebodyKept()
    {
        var kept = await OnlyHeadAsync();
        Assert.Null(await ProblemOfAsync(kept));
        await ComputeAnewAsync();

        Assert.True((await _auditor.Get<LogVerifier>().VerifyAsync(from: null, to: null, TestContext.Current.CancellationToken)).IsWhole);
        Assert.Contains("Entry 5", await ProblemOfAsync(kept), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    public async Task Verify_NoSignature_IsFound(string jws) => Assert.NotNull(await ProblemOfAsync(jws));

    [Fact]
    public async Task Verify_ForgedStatement_IsFound()
    {
        var parts = (await OnlyHeadAsync()).Split('.');
        var forged = System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes($$"""{"sequence":5,"hash":"{{LogHash.Start}}","at":"2026-03-01T12:00:00Z"}"""));

        Assert.NotNull(await ProblemOfAsync($"{parts[0]}.{forged}.{parts[2]}"));
    }

    [Fact]
    public async Task Get_WithoutAKey_SaysThatNothingIsSigned()
    {
        await using var unsigned = await AuditorHost.StartAsync(_postgres.ConnectionString);
        using var response = await unsigned.GetAsync("/v1/log/heads/key");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("heads-not-signed", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["code"]);
    }

    private async Task<string> OnlyHeadAsync()
    {
        using var response = await _auditor.GetAsync("/v1/log/heads");
        var page = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        var head = Assert.Single(page["heads"]!.AsArray())!;
        Assert.Equal((5, 5, false), ((int)head["sequence"]!, (int)page["next"]!, (bool)page["more"]!));
        return (string)head["jws"]!;
    }

    private Task<string?> ProblemOfAsync(string jws) => _auditor.Get<HeadVerifier>().ProblemOfAsync(jws, TestContext.Current.CancellationToken);

    /// <summary>Changes the second entry, and then every hash after it, as somebody who knows how the chain is made.</summary>
    private async Task ComputeAnewAsync()
    {
        var store = _auditor.Get<Marten.IDocumentStore>();
        await using var session = store.LightweightSession();
        var previous = LogHash.Start;
        foreach (var entry in await _auditor.Get<LogReader>().ReadAsync(new LogFilter(), after: 0, limit: 10, TestContext.Current.CancellationToken))
        {
            var forged = entry with { PreviousHash = previous, User = entry.Sequence == 2 ? "mallory" : entry.User };
            forged = forged with { Hash = LogHash.Of(forged) };
            session.Store(forged);
            previous = forged.Hash;
        }

        session.Store(await _auditor.Get<LogReader>().HeadAsync(TestContext.Current.CancellationToken) with { Hash = previous });
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }
}
