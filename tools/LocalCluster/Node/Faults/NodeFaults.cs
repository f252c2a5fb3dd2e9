using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Node.Pods;
using Workspaces.LocalCluster.Node.Runtime;

namespace Workspaces.LocalCluster.Node.Faults;

/// <summary>The faults of one running node.</summary>
internal sealed class NodeFaults(FaultSwitches switches, PodManager pods, OciRuntime runtime) : INodeFaults
{
    public void Freeze() => switches.Freeze();

    public void Thaw() => switches.Thaw();

    public void FailPulls(string? image, int? times)
    {
        if (times is not (null or > 0))
        {
            throw ApiErrors.BadRequest("times must be greater than zero");
        }

        switches.FailPulls(image, times);
    }

    public void AllowPulls() => switches.AllowPulls();

    public Task EvictAsync(string ns, string pod, string message) =>
        pods.FindWorker(ns, pod)?.EvictAsync(message) ?? throw ApiErrors.NotFound(ResourceTypes.Pods, pod);

    public async Task LoseContainerAsync(string ns, string pod, string container)
    {
        var state = pods.Find(ns, pod) ?? throw ApiErrors.NotFound(ResourceTypes.Pods, pod);
        if (state.Find(container)?.Running is not { } running)
        {
            throw new ApiStatusException(404, "NotFound", $"container {container} of pod {pod} is not running");
        }

        await runtime.SignalAsync(running.Spec.Id, "KILL", CancellationToken.None);
        await running.Exit;
    }
}
