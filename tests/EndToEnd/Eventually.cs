using System.Diagnostics;

namespace Workspaces.EndToEnd;

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks until the answer is not null; fails with <paramref name="what"/> when the deadline passes.</summary>
    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> ask, TimeSpan? within = null)
        where T : class
    {
        var limit = within ?? TimeSpan.FromSeconds(60);
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            if (clock.Elapsed > limit)
            {
                throw new TimeoutException($"Not seen within {limit.TotalSeconds:0} s: {what}");
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>Asks until the answer is yes.</summary>
    public static Task HoldsAsync(string what, Func<Task<bool>> ask, TimeSpan? within = null) =>
        GetAsync(what, async () => await ask() ? "yes" : null, within);
}
