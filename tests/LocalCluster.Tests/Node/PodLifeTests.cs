using System.Net.Sockets;
using k8s;
using k8s.Models;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Node;

[Trait("needs", "containers")]
public sealed class PodLifeTests(NodeFixture cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_SimplePod_RunsWithStatusAsOnARealNode()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, ShellPod("simple", "exec sleep 1000"));

        var pod = await cluster.ReadyPodAsync(ns, "simple");

        Assert.Equal("Running", pod.Status.Phase);
        Assert.Equal(["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"], pod.Status.Conditions.Select(condition => condition.Type));
        Assert.All(pod.Status.Conditions, condition => Assert.Equal("True", condition.Status));
        var status = Assert.Single(pod.Status.ContainerStatuses);
        Assert.StartsWith("containerd://", status.ContainerID, StringComparison.Ordinal);
        Assert.True(status is { Ready: true, Started: true, RestartCount: 0, State.Running: not null });
        Assert.Equal("BestEffort", pod.Status.QosClass);
        var reasons = (await cluster.EventsAsync(ns)).Select(known => known.Reason).ToList();
        Assert.Equal(["Scheduled", "Pulling", "Pulled", "Created", "Started"], reasons);
    }

    [Fact]
    public async Task Create_PodThatListens_IsReachableByItsAddress()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("web", "mkdir /srv/www; echo hello > /srv/www/index.html; exec busybox httpd -f -p 8080 -h /srv/www");
        pod.Spec.Containers[0].ReadinessProbe = new V1Probe { TcpSocket = new V1TCPSocketAction { Port = 8080 }, PeriodSeconds = 1 };
        await cluster.CreateAsync(ns, pod);

        var ready = await cluster.ReadyPodAsync(ns, "web");

        using var http = new HttpClient();
        Assert.Equal("hello\n", await http.GetStringAsync(new Uri($"http://{ready.Status.PodIP}:8080/index.html"), Ct));
    }

    [Fact]
    public async Task Create_InitContainers_RunInOrderBeforeTheOthers()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("init", "cat /shared/log; sleep 1000");
        pod.Spec.InitContainers = [Shell("first", "echo first >> /shared/log"), Shell("second", "echo second >> /shared/log")];
        pod.Spec.Volumes = [new V1Volume { Name = "shared", EmptyDir = new V1EmptyDirVolumeSource() }];
        foreach (var container in pod.Spec.InitContainers.Concat(pod.Spec.Containers))
        {
            container.VolumeMounts = [new V1VolumeMount { Name = "shared", MountPath = "/shared" }];
        }

        await cluster.CreateAsync(ns, pod);
        var ready = await cluster.ReadyPodAsync(ns, "init");

        Assert.Equal("first\nsecond\n", await cluster.LogAsync(ns, "init", until: "second"));
        Assert.All(ready.Status.InitContainerStatuses, status => Assert.Equal("Completed", status.State.Terminated.Reason));
    }

    [Fact]
    public async Task Create_InitContainerFailsWithoutRestart_PodFails()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("fails", "true");
        pod.Spec.RestartPolicy = "Never";
        pod.Spec.InitContainers = [Shell("first", "exit 4")];
        await cluster.CreateAsync(ns, pod);

        var failed = await cluster.PodAsync(ns, "fails", found => found.Status?.Phase == "Failed");

        Assert.Equal(4, failed.Status.InitContainerStatuses[0].State.Terminated.ExitCode);
        Assert.Equal("PodInitializing", failed.Status.ContainerStatuses[0].State.Waiting.Reason);
    }

    [Fact]
    public async Task Create_RunToCompletion_Succeeds()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("job", "echo result > /dev/termination-log");
        pod.Spec.RestartPolicy = "OnFailure";
        await cluster.CreateAsync(ns, pod);

        var ended = await cluster.PodAsync(ns, "job", found => found.Status?.Phase == "Succeeded");

        var state = ended.Status.ContainerStatuses[0].State.Terminated;
        Assert.Equal((0, "Completed", "result\n"), (state.ExitCode, state.Reason, state.Message));
    }

    [Fact]
    public async Task Crash_Container_RestartsAtOnceAndThenBacksOff()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, ShellPod("crash", "exit 3"));

        var pod = await cluster.PodAsync(ns, "crash", found => found.Status?.ContainerStatuses?[0].State.Waiting?.Reason == "CrashLoopBackOff");

        var status = pod.Status.ContainerStatuses[0];
        Assert.Equal(1, status.RestartCount);
        Assert.Equal(3, status.LastState.Terminated.ExitCode);
        Assert.Equal($"back-off 10s restarting failed container=main pod=crash_{ns}({pod.Metadata.Uid})", status.State.Waiting.Message);
        Assert.Contains(await cluster.EventsAsync(ns), known => known.Reason == "BackOff" && known.Type == "Warning");
    }

    [Fact]
    public async Task Create_ProgramThatDoesNotExist_IsAStartError()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("missing", "");
        pod.Spec.Containers[0].Command = ["/no/such/program"];
        await cluster.CreateAsync(ns, pod);

        var found = await cluster.PodAsync(ns, "missing", known => known.Status?.ContainerStatuses?[0].LastState?.Terminated?.Reason == "StartError");

        Assert.Equal(128, found.Status.ContainerStatuses[0].LastState.Terminated.ExitCode);
        Assert.Contains("/no/such/program", found.Status.ContainerStatuses[0].LastState.Terminated.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_UnknownImage_BacksOffAsWithoutARegistry()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("unknown", "");
        pod.Spec.Containers[0].Image = "registry.example.com/none:1";
        await cluster.CreateAsync(ns, pod);

        var found = await cluster.PodAsync(ns, "unknown", known => known.Status?.ContainerStatuses?[0].State.Waiting?.Reason == "ImagePullBackOff");

        Assert.Equal("Pending", found.Status.Phase);
        var events = await cluster.EventsAsync(ns);
        Assert.Contains(events, known => known.Message == "Error: ErrImagePull");
        Assert.Contains(events, known => known.Reason == "BackOff" && known.Message == "Back-off pulling image \"registry.example.com/none:1\"");
    }

    [Fact]
    public async Task Delete_ProgramThatHeedsTerm_EndsBeforeItsGrace()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("heeds", "trap 'exit 0' TERM; while true; do sleep 0.05; done");
        pod.Spec.TerminationGracePeriodSeconds = 3600;
        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "heeds");

        await cluster.Client.CoreV1.DeleteNamespacedPodAsync("heeds", ns, cancellationToken: Ct);

        await cluster.GoneAsync(ns, "heeds");
        Assert.Contains(await cluster.EventsAsync(ns), known => known is { Reason: "Killing", Message: "Stopping container main" });
    }

    [Fact]
    public async Task Delete_ProgramThatIgnoresTerm_IsKilledAfterItsGrace()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("ignores", "trap '' TERM; while true; do sleep 0.05; done");
        pod.Spec.TerminationGracePeriodSeconds = 1;
        var uid = (await cluster.CreateAsync(ns, pod)).Metadata.Uid;
        await cluster.ReadyPodAsync(ns, "ignores");

        await cluster.Client.CoreV1.DeleteNamespacedPodAsync("ignores", ns, cancellationToken: Ct);

        await cluster.GoneAsync(ns, "ignores");
        TestCluster.IsLocalClusterOrSkip("the folders of a pod");
        Assert.False(Directory.Exists(Path.Combine(cluster.StateFolder, "node", "pods", uid)));
    }

    [Fact]
    public async Task Delete_PodWithAddress_FreesItsInterface()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, ShellPod("addressed", "exec busybox nc -ll -p 7 -e cat"));
        var pod = await cluster.ReadyPodAsync(ns, "addressed");

        await cluster.Client.CoreV1.DeleteNamespacedPodAsync("addressed", ns, gracePeriodSeconds: 0, cancellationToken: Ct);

        await EventuallyAsync(async () =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            limit.CancelAfter(200);
            try
            {
                await socket.ConnectAsync(pod.Status.PodIP, 7, limit.Token);
                return false;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                return true;
            }
        });
    }

    [Fact]
    public async Task Probe_ReadinessFails_PodIsNotReadyButRuns()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("unready", "touch /tmp/ready; exec sleep 1000");
        pod.Spec.Containers[0].ReadinessProbe = new V1Probe { Exec = new V1ExecAction { Command = ["test", "-e", "/tmp/ready"] }, PeriodSeconds = 1, TimeoutSeconds = 30, FailureThreshold = 1 };
        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "unready");

        await cluster.ExecAsync(ns, "unready", "main", "rm", "/tmp/ready");

        var found = await cluster.PodAsync(ns, "unready", known => !IsReady(known));
        Assert.Equal("Running", found.Status.Phase);
        Assert.Equal("containers with unready status: [main]", found.Status.Conditions.Single(condition => condition.Type == "Ready").Message);
        await cluster.ExecAsync(ns, "unready", "main", "touch", "/tmp/ready");
        await cluster.ReadyPodAsync(ns, "unready");
    }

    [Fact]
    public async Task Probe_LivenessFails_ContainerIsRestarted()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("sick", "trap 'exit 9' TERM; while true; do sleep 0.05; done");
        pod.Spec.Containers[0].LivenessProbe = new V1Probe { Exec = new V1ExecAction { Command = ["test", "!", "-e", "/tmp/sick"] }, PeriodSeconds = 1, TimeoutSeconds = 30, FailureThreshold = 1 };
        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "sick");

        await cluster.ExecAsync(ns, "sick", "main", "touch", "/tmp/sick");

        var found = await cluster.PodAsync(ns, "sick", known => known.Status.ContainerStatuses[0].RestartCount == 1 && IsReady(known));
        Assert.Equal(9, found.Status.ContainerStatuses[0].LastState.Terminated.ExitCode);
        Assert.Contains(await cluster.EventsAsync(ns), known => known.Message == "Container main failed liveness probe, will be restarted");
    }

    [Fact]
    public async Task Probe_Startup_GatesReadiness()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("slow", "exec sleep 1000");
        pod.Spec.Containers[0].StartupProbe = new V1Probe { Exec = new V1ExecAction { Command = ["test", "-e", "/tmp/started"] }, PeriodSeconds = 1, TimeoutSeconds = 30, FailureThreshold = 100 };
        await cluster.CreateAsync(ns, pod);
        var waiting = await cluster.PodAsync(ns, "slow", known => known.Status?.ContainerStatuses?[0].State.Running is not null);
        Assert.False(waiting.Status.ContainerStatuses[0].Started);
        Assert.False(IsReady(waiting));

        await cluster.ExecAsync(ns, "slow", "main", "touch", "/tmp/started");

        var started = await cluster.ReadyPodAsync(ns, "slow");
        Assert.True(started.Status.ContainerStatuses[0].Started);
    }

    [Fact]
    public async Task Schedule_MoreThanTheNodeHas_StaysPendingAndSaysWhy()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("huge", "true");
        pod.Spec.Containers[0].Resources = new V1ResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("1000") } };
        await cluster.CreateAsync(ns, pod);

        var found = await cluster.PodAsync(ns, "huge", known => known.Status?.Conditions?.Any(condition => condition.Reason == "Unschedulable") == true);

        Assert.Equal("Pending", found.Status.Phase);
        Assert.Contains(await cluster.EventsAsync(ns), known => known.Reason == "FailedScheduling" && known.Message.Contains("1 Insufficient cpu", StringComparison.Ordinal));
    }
}
