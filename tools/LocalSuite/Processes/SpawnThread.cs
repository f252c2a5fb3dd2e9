using System.Collections.Concurrent;

namespace Workspaces.LocalSuite.Processes;

/// <summary>
/// The one thread that starts programs. The kernel sends a parent-death signal when the *thread* that started the program ends
/// (prctl(2)), and threads of the pool come and go; this one stays as long as the process.
/// </summary>
internal static class SpawnThread
{
    private static readonly BlockingCollection<Action> Work = Begin();

    /// <summary>Runs <paramref name="action"/> on that thread and returns what it returned, or throws what it threw.</summary>
    public static T Run<T>(Func<T> action)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                completion.SetResult(action());
            }
            catch (Exception exception)
            {
                completion.SetException(exception);
            }
        });
        return completion.Task.GetAwaiter().GetResult();
    }

    private static BlockingCollection<Action> Begin()
    {
        var work = new BlockingCollection<Action>();
        new Thread(() =>
        {
            foreach (var action in work.GetConsumingEnumerable())
            {
                action();
            }
        })
        { IsBackground = true, Name = "starts programs" }.Start();
        return work;
    }
}
