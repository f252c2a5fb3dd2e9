using System.Collections.Concurrent;

namespace Workspaces.Requests.Workspaces;

/// <summary>
/// Wakes requests that wait for a workspace to change. Knows only the changes that this process made; waiting therefore also ends
/// after <see cref="LookAgain"/>, which covers changes that another replica made.
/// </summary>
public sealed class WorkspaceChanges
{
    /// <summary>Longest wait without looking.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new();

    /// <summary>The next change of a workspace; take it before reading the state, so that none is missed in between.</summary>
    public Task NextAsync(string workspaceId) =>
        _waiting.GetOrAdd(workspaceId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Waits for a change, or until it is time to look again.</summary>
    public static async Task WaitAsync(Task change, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var limit = atMost < LookAgain ? atMost : LookAgain;
        await Task.WhenAny(change, Task.Delay(limit, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Something changed.</summary>
    public void Signal(string workspaceId)
    {
        if (_waiting.TryRemove(workspaceId, out var waiting))
        {
            waiting.TrySetResult();
        }
    }
}
