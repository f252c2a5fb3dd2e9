using Xunit;

namespace Workspaces.Provisioner.Tests.Running;

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Until <paramref name="look"/> finds something.</summary>
    public static async Task<T> FindAsync<T>(Func<Task<T?>> look, string what)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Deadline);
        while (true)
        {
            if (await look() is { } found)
            {
                return found;
            }

            Assert.False(limit.IsCancellationRequested, $"Waited {Deadline.TotalSeconds} s for {what}.");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Until <paramref name="holds"/> is true.</summary>
    public static Task TrueAsync(Func<Task<bool>> holds, string what) => FindAsync(async () => await holds() ? "" : null, what);

    /// <summary>Until <paramref name="holds"/> is true.</summary>
    public static Task TrueAsync(Func<bool> holds, string what) => TrueAsync(() => Task.FromResult(holds()), what);
}
