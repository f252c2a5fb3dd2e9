using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Controllers.Pods;

/// <summary>
/// Does something many times in batches of 1, 2, 4, ...; the first batch with a failure is the last, so that what would fail every time is
/// not tried hundreds of times.
/// </summary>
internal static class SlowStart
{
    /// <summary>How many succeeded, and the first failure.</summary>
    public static async Task<(int Successes, ApiStatusException? Failure)> RunAsync(int count, Func<int, Task> action)
    {
        var (done, successes) = (0, 0);
        for (var batch = Math.Min(count, 1); batch > 0; batch = Math.Min(2 * batch, count - done))
        {
            ApiStatusException? failure = null;
            for (var i = 0; i < batch; i++)
            {
                try
                {
                    await action(done + i);
                    successes++;
                }
                catch (ApiStatusException e)
                {
                    failure ??= e;
                }
            }

            if (failure is not null)
            {
                return (successes, failure);
            }

            done += batch;
        }

        return (successes, null);
    }
}
