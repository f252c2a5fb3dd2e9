using System.Net;
using Workspaces.Auditor.Log;
using Workspaces.Contracts;
using Workspaces.Support.Webhooks;
using Xunit;

namespace Workspaces.Auditor.Tests.Webhooks;

/// <summary>From the log to a receiver on loopback, with the retries of three days made short.</summary>
public sealed class WebhookDeliveryTests : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private AuditorHost _auditor = null!;
    private WebhookClient _api = null!;
    private WebhookReceiver _receiver = null!;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        _receiver = await WebhookReceiver.StartAsync();
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _auditor.DisposeAsync();
        await _receiver.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task Deliver_Event_ArrivesAsASignedCloudEvent()
    {
        await AppendAsync(Messages.Ready("old"));
        var (_, secret) = await _api.CreateAsync(new { url = _receiver.Url });
        var request = Messages.Requested("abc", owner: "alice");

        await AppendAsync(request);

        var received = await NextAsync();
        Assert.True(received.IsSignedBy(secret));
        Assert.Equal((request.EventId.ToString(), "application/cloudevents+json"), (received.Id, received.ContentType));
        Assert.Equal(("dev.workspaces.WorkspaceRequested", "0000000000000000002"), ((string?)received.Json["type"], (string?)received.Json["sequence"]));
        Assert.Equal("alice", (string?)received.Json["data"]!["owner"]!["name"]);
    }

    [Fact]
    public async Task Deliver_FilterAndStart_GivesWhatWasAskedFor()
    {
        await AppendAsync(Messages.Ready("abc"), Messages.Requested("abc"), Messages.Ready("xyz"), Messages.Ready("abc"));

        await _api.CreateAsync(new { url = _receiver.Url, types = new[] { "WorkspaceReady" }, workspace = "abc", after = 1 });
        await AppendAsync(Messages.Stopped("abc"), Messages.Ready("abc"));

        await Eventually.TrueAsync(() => _receiver.Received.Count == 2, "both have arrived");
        Assert.Equal([4, 6], Sequences());
    }

    [Fact]
    public async Task Deliver_ReceiverFails_TriesAgainAndNothingOfTheWorkspaceOvertakes()
    {
        var failures = 2;
        _receiver.Answer = webhook => Task.FromResult(WorkspaceOf(webhook) == "abc" && Interlocked.Decrement(ref failures) >= 0 ? 500 : 204);
        var (id, _) = await _api.CreateAsync(new { url = _receiver.Url });

        await AppendAsync(Messages.Ready("abc"), Messages.Stopped("abc"), Messages.Ready("xyz"), Messages.Deleted("abc"));

        await Eventually.TrueAsync(() => _receiver.Received.Count == 6, "four events have arrived, one at the third attempt");
        Assert.Equal([1, 1, 1, 2, 4], Sequences().Where(sequence => sequence != 3));
        await Eventually.TrueAsync(async () => (await _api.DeliveriesAsync(id, "?state=delivered")).Count == 4, "all are noted as delivered");
        var first = (await _api.DeliveriesAsync(id))[0]!;
        Assert.Equal(3, (int)first["attemptCount"]!);
        Assert.Equal([500, 500, 204], first["attempts"]!.AsArray().Select(attempt => (int)attempt!["status"]!));
        Assert.Equal(["Rejected", "Rejected", "Delivered"], first["attempts"]!.AsArray().Select(attempt => (string?)attempt!["outcome"]));
    }

    [Fact]
    public async Task Deliver_FailsForTooLong_IsADeadLetterThatCanBeReplayed()
    {
        await StartAsync(("Webhooks:GiveUpAfter", "00:00:00.300"));
        _receiver.Answer = webhook => Task.FromResult(WorkspaceOf(webhook) == "abc" ? 422 : 204);
        var (id, _) = await _api.CreateAsync(new { url = _receiver.Url });
        await AppendAsync(Messages.Ready("abc"), Messages.Ready("xyz"));

        await Eventually.TrueAsync(async () => (int)(await _api.GetAsync($"/{id}"))["dead"]! == 1, "there is a dead letter");
        var dead = Assert.Single(await _api.DeliveriesAsync(id, "?state=dead"))!;
        Assert.Equal((1, "WorkspaceReady"), ((int)dead["sequence"]!, (string?)dead["type"]));
        Assert.Contains("422", (string?)dead["attempts"]![0]!["problem"], StringComparison.Ordinal);

        _receiver.AnswerWith(204);
        _receiver.Received.Clear();
        await _api.SendAsync(HttpMethod.Post, $"/{id}/replays", new { from = 1, to = 2, deadOnly = true });

        await Eventually.TrueAsync(async () => (int)(await _api.GetAsync($"/{id}"))["dead"]! == 0, "the dead letter was delivered");
        Assert.Equal([1], Sequences());
    }

    [Fact]
    public async Task Deliver_Gone_DisablesUntilResumed()
    {
        _receiver.AnswerWith(410);
        var (id, _) = await _api.CreateAsync(new { url = _receiver.Url });
        await AppendAsync(Messages.Ready("abc"));
        await Eventually.TrueAsync(async () => await StateAsync(id) == "Disabled", "the subscription is disabled");
        _receiver.AnswerWith(204);
        _receiver.Received.Clear();
        var (witness, _) = await _api.CreateAsync(new { url = _receiver.Url, workspace = "xyz" });
        await AppendAsync(Messages.Ready("abc"), Messages.Ready("xyz"));
        await Eventually.TrueAsync(async () => (await _api.DeliveriesAsync(witness)).Count == 1, "another subscription gets its event");
        Assert.Equal([3], Sequences());

        var (status, _) = await _api.SendAsync(HttpMethod.Post, $"/{id}/resume");

        Assert.Equal(HttpStatusCode.OK, status);
        await Eventually.TrueAsync(() => _receiver.Received.Count == 4, "what was kept is delivered");
        Assert.Equal([1, 2, 3, 3], Sequences().Order());
        Assert.Equal("Active", await StateAsync(id));
    }

    [Fact]
    public async Task Deliver_ReceiverHangs_HoldsUpNeitherTheLogNorOthers()
    {
        await using var hanging = await WebhookReceiver.StartAsync();
        var never = new TaskCompletionSource();
        hanging.Answer = async _ =>
        {
            await never.Task;
            return 204;
        };
        await _api.CreateAsync(new { url = hanging.Url });
        await _api.CreateAsync(new { url = _receiver.Url });

        await AppendAsync([.. Enumerable.Range(0, 1200).Select(IWorkspaceEvent (_) => Messages.Ready())]);

        await Eventually.TrueAsync(() => _receiver.Received.Count == 1200, "the other receiver has everything");
        Assert.Single(hanging.Received.Select(webhook => webhook.Id).Distinct()); // one workspace, so one at a time, however often it is tried
        never.SetResult();
    }

    [Fact]
    public async Task Deliver_AuditorRestarts_GoesOnWhereItStopped()
    {
        var (id, _) = await _api.CreateAsync(new { url = _receiver.Url });
        await AppendAsync(Messages.Ready("a"));
        await Eventually.TrueAsync(async () => (int)(await _api.GetAsync($"/{id}"))["sequence"]! == 1, "the first one is delivered");
        _receiver.AnswerWith(503);
        await AppendAsync(Messages.Ready("b"));
        await Eventually.TrueAsync(async () => (int)(await _api.GetAsync($"/{id}"))["pending"]! == 1, "the second one waits");
        await _auditor.DisposeAsync();
        _receiver.AnswerWith(204);
        _receiver.Received.Clear();

        await StartAsync();

        await Eventually.TrueAsync(async () => (await _api.DeliveriesAsync(id, "?state=delivered")).Count == 2, "the second one is delivered");
        Assert.Equal([2], Sequences());
    }

    [Fact]
    public async Task Rotate_Secret_OldAndNewSignUntilTheOldOneEnds()
    {
        await StartAsync(("Webhooks:RotationOverlap", "1.00:00:00"));
        var (id, old) = await _api.CreateAsync(new { url = _receiver.Url });

        var (_, rotated) = await _api.SendAsync(HttpMethod.Post, $"/{id}/rotate-secret");
        var secret = (string)rotated!["secret"]!;
        await AppendAsync(Messages.Ready());

        var received = await NextAsync();
        Assert.NotEqual(old, secret);
        Assert.True(received.IsSignedBy(secret));
        Assert.True(received.IsSignedBy(old));
        Assert.Single(rotated["oldSecretsValidUntil"]!.AsArray());
    }

    [Fact]
    public async Task Rotate_OverlapIsOver_OnlyTheNewOneSigns()
    {
        await StartAsync(("Webhooks:RotationOverlap", "00:00:00"));
        var (id, old) = await _api.CreateAsync(new { url = _receiver.Url });

        await _api.SendAsync(HttpMethod.Post, $"/{id}/rotate-secret");
        await AppendAsync(Messages.Ready());

        Assert.False((await NextAsync()).IsSignedBy(old));
    }

    [Fact]
    public async Task Replay_Range_DeliversItOnceMore()
    {
        var (id, _) = await _api.CreateAsync(new { url = _receiver.Url });
        await AppendAsync(Messages.Ready("a"), Messages.Ready("b"), Messages.Ready("c"));
        await Eventually.TrueAsync(async () => (int)(await _api.GetAsync($"/{id}"))["sequence"]! == 3, "all have arrived");
        var ids = _receiver.Received.ToDictionary(webhook => (int)Sequence(webhook), webhook => webhook.Id);
        _receiver.Received.Clear();

        var (status, _) = await _api.SendAsync(HttpMethod.Post, $"/{id}/replays", new { from = 2, to = 3 });

        Assert.Equal(HttpStatusCode.Accepted, status);
        await Eventually.TrueAsync(() => _receiver.Received.Count == 2, "both arrive again");
        Assert.Equal([2, 3], Sequences().Order());
        Assert.All(_receiver.Received, webhook => Assert.Equal(ids[(int)Sequence(webhook)], webhook.Id)); // the duplicate key stays
        await Eventually.TrueAsync(async () => (await _api.GetAsync($"/{id}/replays"))["replays"]![0]!["doneAt"] is not null, "the replay is done");
    }

    [Fact]
    public async Task Pause_Subscription_DeliversLater()
    {
        var (id, _) = await _api.CreateAsync(new { url = _receiver.Url });
        await _api.SendAsync(HttpMethod.Post, $"/{id}/pause");
        var (witness, _) = await _api.CreateAsync(new { url = _receiver.Url });
        await AppendAsync(Messages.Ready());
        await Eventually.TrueAsync(async () => (await _api.DeliveriesAsync(witness)).Count == 1, "another subscription gets its event");
        Assert.Single(_receiver.Received);

        await _api.SendAsync(HttpMethod.Post, $"/{id}/resume");

        await Eventually.TrueAsync(() => _receiver.Received.Count == 2, "the event arrives");
    }

    [Fact]
    public async Task Deliver_EntriesWereArchivedBefore_SaysWhatIsMissing()
    {
        var (id, _) = await _api.CreateAsync(new { url = _receiver.Url, after = 0 });
        await _api.SendAsync(HttpMethod.Post, $"/{id}/pause");
        await AppendAsync(Messages.Ready("a"), Messages.Ready("b"), Messages.Ready("c"));
        await ArchivedLog.UptoAsync(_auditor, 2);

        await _api.SendAsync(HttpMethod.Post, $"/{id}/resume");

        await Eventually.TrueAsync(() => !_receiver.Received.IsEmpty, "what is there has arrived");
        Assert.Equal([3], Sequences());
        var missed = Assert.Single((await _api.GetAsync($"/{id}"))["missed"]!.AsArray())!;
        Assert.Equal((1, 2), ((int)missed["from"]!, (int)missed["to"]!));
    }

    private static string? WorkspaceOf(ReceivedWebhook webhook) => (string?)webhook.Json["subject"];

    private static long Sequence(ReceivedWebhook webhook) => long.Parse((string)webhook.Json["sequence"]!, System.Globalization.CultureInfo.InvariantCulture);

    private async Task StartAsync(params (string Name, string Value)[] settings)
    {
        if (_auditor is not null)
        {
            await _auditor.DisposeAsync();
        }

        _auditor = await AuditorHost.StartAsync(_postgres.ConnectionString, settings: [("Webhooks:FirstRetry", "00:00:00.050"), .. AuditorHost.LoopbackWebhooks, .. settings]);
        _api = new WebhookClient(_auditor);
    }

    private async Task AppendAsync(params IWorkspaceEvent[] events) =>
        await _auditor.Get<LogWriter>().AppendAsync([.. events.Select(Messages.Received)], TestContext.Current.CancellationToken);

    private IEnumerable<long> Sequences() => _receiver.Received.Select(Sequence);

    private async Task<string?> StateAsync(string id) => (string?)(await _api.GetAsync($"/{id}"))["state"];

    private async Task<ReceivedWebhook> NextAsync()
    {
        await Eventually.TrueAsync(() => !_receiver.Received.IsEmpty, "a webhook has arrived");
        return _receiver.Received.First();
    }
}
