using System.Diagnostics;
using Xunit;

namespace Workspaces.Support;

/// <summary>
/// Waits for a condition with a deadline. The deadline is for failures only: it is long, so that a busy machine does not fail a test, and nothing may be concluded
/// from how long a condition took.
/// </summary>
public static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);

    /// <summary>Asks until there is an answer.</summary>
    /// <exception cref="TimeoutException">There was none until the deadline; the message says <paramref name="what"/> was waited for.</exception>
    public static async Task<T> FindAsync<T>(Func<Task<T?>> look, string what = "the condition", TimeSpan? within = null)
        where T : class
    {
        var limit = within ?? Deadline;
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (await look() is { } found)
            {
                return found;
            }

            if (clock.Elapsed > limit)
            {
                throw new TimeoutException($"Not seen within {limit.TotalSeconds:0} s: {what}.");
            }

            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Asks until there is an answer.</summary>
    /// <inheritdoc cref="FindAsync{T}(Func{Task{T}}, string, TimeSpan?)"/>
    public static Task<T> FindAsync<T>(Func<T?> look, string what = "the condition", TimeSpan? within = null)
        where T : class => FindAsync(() => Task.FromResult(look()), what, within);

    /// <summary>Asks until the answer is yes.</summary>
    /// <inheritdoc cref="FindAsync{T}(Func{Task{T}}, string, TimeSpan?)"/>
    public static Task TrueAsync(Func<Task<bool>> holds, string what = "the condition", TimeSpan? within = null) =>
        FindAsync(async () => await holds() ? "yes" : null, what, within);

    /// <summary>Asks until the answer is yes.</summary>
    /// <inheritdoc cref="FindAsync{T}(Func{Task{T}}, string, TimeSpan?)"/>
    public static Task TrueAsync(Func<bool> holds, string what = "the condition", TimeSpan? within = null) =>
        FindAsync(() => holds() ? "yes" : null, what, within);
}
