using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what = "the condition")
    {
        using var limit = new CancellationTokenSource(Deadline);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            if (limit.IsCancellationRequested)
            {
                Assert.Fail($"{what} did not come true within {Deadline}");
            }

            await poll.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
