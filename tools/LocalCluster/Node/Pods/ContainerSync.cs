using k8s.Models;
using Workspaces.LocalCluster.Node.Containers;
using Workspaces.LocalCluster.Node.Probes;
using Workspaces.LocalCluster.Node.Runtime;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>
/// Brings a pod's containers a step nearer to what the pod asks for, from what is known now: notices ended runs, starts what
/// is due, and says when to look again. The order of steps:
/// 1. notice ended runs; 2. init containers, one after another; 3. sidecars and main containers; 4. ephemeral containers;
/// 5. decide whether the pod has ended.
/// </summary>
internal sealed class ContainerSync(NodeParts node, ImagePuller images, PodEvents events, HandlerRunner handlers, ContainerStops stops)
{
    /// <summary>Returns when to call again at the latest; null when only a change can lead to more work.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="wake">Called when something happened that the next call should see.</param>
    /// <param name="ending">Completes when the pod is to end: hooks are not waited for any more.</param>
    /// <param name="ct">Ends the node.</param>
    public async Task<DateTime?> SyncAsync(PodState pod, Action wake, Task ending, CancellationToken ct)
    {
        await CollectAsync(pod);
        var plan = new Plan(pod, wake, ending, ct);
        await InitializeAsync(plan);
        if (pod.FinalPhase is null && pod.InitializationDone)
        {
            foreach (var container in pod.InitContainers.Where(container => container.Role == ContainerRole.Sidecar).Concat(pod.MainContainers))
            {
                await EnsureRunningAsync(plan, container);
            }

            foreach (var container in pod.EphemeralContainers.Where(container => container.Running is null && container.LastExit is null))
            {
                await StartWhenDueAsync(plan, container);
            }

            DecideEnd(pod);
        }

        return plan.Next;
    }

    /// <summary>1. Runs that have ended become the containers' last exits.</summary>
    public static async Task CollectAsync(PodState pod)
    {
        foreach (var container in pod.Containers)
        {
            if (container.Running is not { Exit.IsCompleted: true } running)
            {
                continue;
            }

            await (container.Probing?.CancelAsync() ?? Task.CompletedTask);
            await (container.Probes ?? Task.CompletedTask);
            container.LastExit = await running.Exit;
            container.Running = null;
            container.Stopping = null;
            container.Started = false;
            container.ProbedReady = false;
            container.Wait("", null);
        }
    }

    /// <summary>Whether a container that has ended is to run again.</summary>
    private static bool Restarts(PodState pod, PodContainer container) => container.Role switch
    {
        ContainerRole.Sidecar => true,
        ContainerRole.Ephemeral => false,
        ContainerRole.Init => !container.Succeeded && (!container.RanHere || RestartPolicies.Restarts(pod.Pod, container.Definition, container.LastExit!.ExitCode)),
        _ => RestartPolicies.Restarts(pod.Pod, container.Definition, container.LastExit!.ExitCode),
    };

    /// <summary>2. Each init container must succeed, each sidecar must have started, before the next.</summary>
    private async Task InitializeAsync(Plan plan)
    {
        var pod = plan.Pod;
        if (pod.InitializationDone)
        {
            return;
        }

        foreach (var container in pod.Containers.Where(container => container.Role != ContainerRole.Ephemeral && !container.RanHere && container.WaitingReason == "ContainerCreating" && pod.InitContainers.Any()))
        {
            container.WaitForInitialization();
        }

        foreach (var container in pod.InitContainers)
        {
            if (container is { Role: ContainerRole.Init, Succeeded: true })
            {
                continue;
            }

            if (container is { Role: ContainerRole.Init, RanHere: true, IsTerminated: true } && !Restarts(pod, container))
            {
                pod.End("Failed");
                return;
            }

            await EnsureRunningAsync(plan, container);
            if (container.Role == ContainerRole.Init || !container.Started)
            {
                return;
            }
        }

        pod.InitializationDone = true;
        foreach (var container in pod.MainContainers.Where(container => container.WaitingReason == "PodInitializing"))
        {
            container.WaitForCreation();
        }
    }

    /// <summary>3. Starts a container that does not run and should; stops one whose image was changed, to start it anew.</summary>
    private async Task EnsureRunningAsync(Plan plan, PodContainer container)
    {
        if (container.Running is { } running)
        {
            if (container.Stopping is null && running.Image != container.Definition.Image)
            {
                Stop(plan, container, plan.Pod.Pod.Spec.TerminationGracePeriodSeconds, $"Container {container.Name} definition changed, will be restarted");
            }

            return;
        }

        if (container.LastExit is null || Restarts(plan.Pod, container))
        {
            await StartWhenDueAsync(plan, container);
        }
    }

    private async Task StartWhenDueAsync(Plan plan, PodContainer container)
    {
        var now = node.Time.GetUtcNow().UtcDateTime;
        if (container is { LastExit: { } exit, RanHere: true })
        {
            var due = container.Restarts.NotBefore(exit.FinishedAt);
            if (now < due)
            {
                ReportBackOff(plan.Pod, container);
                plan.LookAgain(due);
                return;
            }
        }

        if (images.Pull(plan.Pod, container) is not { } image)
        {
            plan.LookAgain(container.WaitingReason == "ErrImagePull" ? now.AddMilliseconds(500) : ImagePuller.NextAttempt(container));
            return;
        }

        if (container.Attempts > 0)
        {
            container.Restarts.Attempt(now);
        }

        await StartAsync(plan, container, image);
    }

    private async Task StartAsync(Plan plan, PodContainer container, Images.ImageDefinition image)
    {
        var pod = plan.Pod;
        try
        {
            var request = new ContainerRequest(pod.Pod, container.Definition, image, ContainerIds.New(), container.Attempts, Namespaces(pod, container), pod.Volumes!);
            var running = await node.Starter.StartAsync(request, pod.Sandbox!.Address, plan.Cancelled);
            events.Normal(pod, container, "Created", "Container created");
            container.PreviousExit = container.LastExit;
            container.Running = running;
            container.User = running.Spec.User;
            container.ReportedProblem = null;
            CountAttempt(container);
            container.Started = container.Definition.StartupProbe is null;
            container.ProbedReady = container.Definition.ReadinessProbe is null;
            events.Normal(pod, container, "Started", "Container started");
            // The worker may be long gone when a container of a removed pod ends; waking it then does nothing.
            _ = running.Exit.ContinueWith(_ => plan.Wake(), TaskScheduler.Default);
            if (await RunPostStartAsync(plan, container, running))
            {
                Probe(plan, container, running);
            }
        }
        catch (ContainerConfigException e)
        {
            Report(pod, container, e.Reason, e.Message);
            plan.LookAgain(node.Time.GetUtcNow().UtcDateTime.AddSeconds(10));
        }
        catch (ContainerStartException e)
        {
            var message = $"failed to create containerd task: failed to create shim task: OCI runtime create failed: {e.Message}";
            var now = node.Time.GetUtcNow().UtcDateTime;
            CountAttempt(container);
            container.LastExit = new ContainerExit(128, "StartError", message, now, now, ContainerIds.New());
            Report(pod, container, "RunContainerError", message);
            plan.LookAgain(now.AddMilliseconds(500));
        }
    }

    private static void CountAttempt(PodContainer container)
    {
        container.Attempts++;
        container.RanHere = true;
    }

    private static NamespacePlan Namespaces(PodState pod, PodContainer container)
    {
        var spec = pod.Pod.Spec;
        int? processes = spec.ShareProcessNamespace == true ? pod.Sandbox!.NodeProcessId : null;
        if (container.Target is { } name && processes is null)
        {
            var target = pod.Find(name) is { Attempts: > 0 } found ? found : throw new ContainerConfigException($"unable to find target container {name}");
            processes = target.Running?.Process.NodeProcessId ?? throw new ContainerConfigException(
                $"failed to generate container \"{container.Name}\" spec: failed to generate spec: invalid target container: container \"{target.LastExit?.ContainerId}\" is not running - in state CONTAINER_EXITED",
                "CreateContainerError");
        }

        return pod.Sandbox!.NamespacesFor(spec.HostNetwork == true, spec.HostPID == true, spec.HostIPC == true, processes);
    }

    /// <summary>Says whether the container may go on: one whose hook failed is stopped.</summary>
    private async Task<bool> RunPostStartAsync(Plan plan, PodContainer container, RunningContainer running)
    {
        if (container.Definition.Lifecycle?.PostStart is not { } hook)
        {
            return true;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(plan.Cancelled);
        var attempt = handlers.RunAsync(plan.Pod, running, container, hook, limit.Token);
        if (await Task.WhenAny(attempt, running.Exit, plan.Ending) != attempt)
        {
            await limit.CancelAsync();
        }

        try
        {
            if ((await attempt).Success)
            {
                return true;
            }
        }
        catch (OperationCanceledException) when (!plan.Cancelled.IsCancellationRequested)
        {
            // The container or the pod ends meanwhile, which is dealt with as without a hook.
            return false;
        }

        // What the hook said stays out of the event: it may hold secrets.
        events.Warning(plan.Pod, container, "FailedPostStartHook", "PostStartHook failed");
        Stop(plan, container, plan.Pod.Pod.Spec.TerminationGracePeriodSeconds, "FailedPostStartHook");
        return false;
    }

    private void Probe(Plan plan, PodContainer container, RunningContainer running)
    {
        if (container.Definition is { StartupProbe: null, ReadinessProbe: null, LivenessProbe: null })
        {
            return;
        }

        container.Probing = new CancellationTokenSource();
        var prober = new ContainerProber(handlers, node.Faults, events, plan.Pod, container, running);
        void Restart(string kind, V1Probe probe) =>
            Stop(plan, container, probe.TerminationGracePeriodSeconds ?? plan.Pod.Pod.Spec.TerminationGracePeriodSeconds, $"Container {container.Name} failed {kind} probe, will be restarted");
        container.Probes = prober.RunAsync(plan.Wake, Restart, container.Probing.Token);
    }

    private void Stop(Plan plan, PodContainer container, long? grace, string message) =>
        container.Stopping ??= stops.StopAsync(plan.Pod, container, TimeSpan.FromSeconds(grace ?? 30), message, null, plan.Cancelled);

    private void ReportBackOff(PodState pod, PodContainer container)
    {
        if (container.WaitingReason == "CrashLoopBackOff")
        {
            return;
        }

        var seconds = container.Restarts.Delay;
        var delay = seconds.TotalSeconds < 60 ? $"{seconds.TotalSeconds:0}s" : $"{(int)seconds.TotalMinutes}m{seconds.Seconds}s";
        container.Wait("CrashLoopBackOff", $"back-off {delay} restarting failed container={container.Name} pod={pod.FullName}");
        events.Warning(pod, container, "BackOff", $"Back-off restarting failed container {container.Name} in pod {pod.FullName}");
    }

    private void Report(PodState pod, PodContainer container, string reason, string message)
    {
        container.Wait(reason, message);
        if (container.ReportedProblem != message)
        {
            container.ReportedProblem = message;
            events.Warning(pod, container, "Failed", $"Error: {message}");
        }
    }

    /// <summary>5. A pod has ended when all its main containers have and none is to run again.</summary>
    private static void DecideEnd(PodState pod)
    {
        if (pod.MainContainers.All(container => container.IsTerminated && !Restarts(pod, container)))
        {
            pod.End(pod.MainContainers.All(container => container.LastExit!.ExitCode == 0) ? "Succeeded" : "Failed");
        }
    }

    /// <summary>One pass over a pod: what it needs everywhere, and the earliest time for the next.</summary>
    private sealed class Plan(PodState pod, Action wake, Task ending, CancellationToken ct)
    {
        public PodState Pod { get; } = pod;

        public Action Wake { get; } = wake;

        public Task Ending { get; } = ending;

        public CancellationToken Cancelled { get; } = ct;

        public DateTime? Next { get; private set; }

        public void LookAgain(DateTime? time) => Next = Next is null || time < Next ? time ?? Next : Next;
    }
}
