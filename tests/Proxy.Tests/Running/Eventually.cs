namespace Workspaces.Proxy.Tests.Running;

/// <summary>Waits for a condition, with a deadline.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> look)
        where T : class
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (true)
        {
            if (await look() is { } found)
            {
                return found;
            }

            if (deadline.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited {Patience.TotalSeconds} s for {what}.");
            }

            await Task.Delay(50, CancellationToken.None);
        }
    }

    public static Task TrueAsync(string what, Func<Task<bool>> look) => GetAsync(what, async () => await look() ? "" : null);
}
