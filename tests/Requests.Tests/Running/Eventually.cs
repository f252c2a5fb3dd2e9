using System.Diagnostics;

namespace Workspaces.Requests.Tests.Running;

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until there is an answer.</summary>
    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> ask)
        where T : class
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            Assert.True(clock.Elapsed < Limit, $"Not seen within {Limit.TotalSeconds} s: {what}");
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Asks until there is an answer.</summary>
    public static Task<T> GetAsync<T>(string what, Func<T?> ask)
        where T : class => GetAsync(what, () => Task.FromResult(ask()));
}
