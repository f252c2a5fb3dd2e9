using System.Collections.Concurrent;
using Workspaces.Contracts;

namespace Workspaces.Injector.Injecting;

/// <summary>Lets one workspace at a time work on a target: two that did at once would race for a port and for the rollout.</summary>
internal sealed class TargetLocks
{
    private readonly ConcurrentDictionary<(string Kind, string Namespace, string Name), SemaphoreSlim> _locks = new();

    /// <summary>Waits for the target; disposing the result gives it to the next.</summary>
    public async Task<IDisposable> TakeAsync(WorkspaceTarget? target, CancellationToken cancellation)
    {
        if (target is null)
        {
            return new Held(null);
        }

        var one = _locks.GetOrAdd((target.Kind, target.Namespace, target.Name), _ => new SemaphoreSlim(1, 1));
        await one.WaitAsync(cancellation);
        return new Held(one);
    }

    private sealed class Held(SemaphoreSlim? one) : IDisposable
    {
        public void Dispose() => one?.Release();
    }
}
