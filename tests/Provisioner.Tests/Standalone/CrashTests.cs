using Workspaces.Contracts;
using Workspaces.Provisioner.Tests.Running;
using Xunit;

namespace Workspaces.Provisioner.Tests.Standalone;

/// <summary>Broker, worker or both go at any point; what consumers read in the end is the same.</summary>
public sealed class CrashTests(ClusterFixture cluster) : IClassFixture<ClusterFixture>
{
    private readonly RecordingPublisher _broker = new();
    private readonly string _id = WorkspaceId.New();

    private Kubelet Kubelet => new(cluster.Client, _id);

    /// <summary>Five events make the story of a workspace. The worker goes at any of them, with or without the broker having got it.</summary>
    public static MatrixTheoryData<int, bool> Crashes { get; } = new([1, 2, 3, 4, 5], [true, false]);

    [Theory]
    [MemberData(nameof(Crashes))]
    public async Task Worker_CutOffAtAnyEvent_IsPickedUpByTheNext(int nth, bool brokerHasIt)
    {
        var cutOff = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var attempts = 0;
        _broker.Deliver = _ =>
        {
            if (Interlocked.Increment(ref attempts) < nth)
            {
                return Delivery.Confirmed;
            }

            cutOff.TrySetResult();
            return brokerHasIt && attempts == nth ? Delivery.Unconfirmed : Delivery.Refused;
        };

        // 1. It comes up, or the worker goes on the way.
        var worker = await Worker.StartAsync(cluster, _broker);
        await worker.HandleAsync(Commands.Request(_id));
        await Kubelet.RunAsync();
        worker = await ReplaceWhereCutOffAsync(worker, cutOff.Task, ConfirmedAsync<WorkspaceReady>(cutOff.Task));
        await PublishedAsync<WorkspaceReady>();

        // 2. It is deleted, or the worker goes on the way.
        await worker.HandleAsync(Commands.Delete(_id, 2));
        await Eventually.TrueAsync(async () => await Kubelet.FindStatefulSetAsync() is null, "the StatefulSet to go");
        await Kubelet.EndAsync();
        worker = await ReplaceWhereCutOffAsync(worker, cutOff.Task, ConfirmedAsync<WorkspaceDeleted>(cutOff.Task));
        await PublishedAsync<WorkspaceDeleted>();

        Assert.True(cutOff.Task.IsCompleted);
        Assert.Equal(
            [typeof(WorkspaceProgressed), typeof(InstanceUp), typeof(WorkspaceReady), typeof(InstanceDown), typeof(WorkspaceDeleted)],
            _broker.Of(_id).Select(each => each.GetType()));
        await Eventually.TrueAsync(async () => await worker.Records.GetAsync(_id, CancellationToken.None) is null, "the record to go");
        await worker.DisposeAsync();
    }

    [Fact]
    public async Task Pod_ThatVanishedWhileNobodyWatched_IsReportedFromTheRecord()
    {
        await using (var first = await Worker.StartAsync(cluster, _broker))
        {
            await first.HandleAsync(Commands.Request(_id));
            await Kubelet.RunAsync();
            await Eventually.TrueAsync(() => _broker.Of(_id).OfType<WorkspaceReady>().Any(), "ready");
        }

        await Kubelet.EndAsync();
        await using var second = await Worker.StartAsync(cluster, _broker);
        await Eventually.TrueAsync(() => _broker.Of(_id).OfType<InstanceDown>().Any(), "down");

        Assert.Equal(InstanceDownReason.Vanished, _broker.Of(_id).OfType<InstanceDown>().Single().Reason);
    }

    [Fact]
    public async Task Worker_ThatRestarts_PublishesNothingAgainAndTouchesNothing()
    {
        await using (var first = await Worker.StartAsync(cluster, _broker))
        {
            await first.HandleAsync(Commands.Request(_id));
            await Kubelet.RunAsync();
            await Eventually.TrueAsync(() => _broker.Of(_id).OfType<WorkspaceReady>().Any(), "ready");
            await Eventually.TrueAsync(async () => (await first.Records.GetAsync(_id, CancellationToken.None))!.Pending.Count == 0, "all confirmed");
        }

        var before = (_broker.All.Count, (await Kubelet.StatefulSetAsync()).Metadata.ResourceVersion);
        await using var second = await Worker.StartAsync(cluster, _broker);
        var other = WorkspaceId.New();
        await second.HandleAsync(Commands.Delete(other, 1));
        await Eventually.TrueAsync(() => _broker.Of(other).OfType<WorkspaceDeleted>().Any(), "the second worker to work");

        Assert.Equal(before, (_broker.All.Count - 1, (await Kubelet.StatefulSetAsync()).Metadata.ResourceVersion));
    }

    private async Task<Worker> ReplaceWhereCutOffAsync(Worker worker, Task cutOff, Task done)
    {
        await Task.WhenAny(cutOff, done).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        if (!cutOff.IsCompleted || worker.IsReplacement)
        {
            return worker;
        }

        await worker.DisposeAsync();
        _broker.Deliver = _ => Delivery.Confirmed;
        return await Worker.StartAsync(cluster, _broker, isReplacement: true);
    }

    /// <summary>Published, unless the worker was cut off at exactly this event.</summary>
    private async Task ConfirmedAsync<T>(Task cutOff)
        where T : IWorkspaceScopedEvent =>
        await Eventually.TrueAsync(() => cutOff.IsCompleted || _broker.Of(_id).OfType<T>().Any(), typeof(T).Name);

    private Task PublishedAsync<T>()
        where T : IWorkspaceScopedEvent => Eventually.TrueAsync(() => _broker.Of(_id).OfType<T>().Any(), typeof(T).Name);
}
