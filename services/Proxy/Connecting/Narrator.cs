namespace Workspaces.Proxy.Connecting;

/// <summary>
/// Tells a person who waits what goes on: each new sentence once, and a sign of life in between, so that neither the person nor
/// the client (<c>ServerAliveInterval</c>) takes the connection for dead.
/// </summary>
internal sealed class Narrator(IArrivalAudience audience, TimeSpan speakEvery, TimeProvider time)
{
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    /// <summary>Says a sentence, unless it was said before.</summary>
    public async Task SayAsync(string sentence, CancellationToken cancellationToken)
    {
        if (_said.Add(sentence))
        {
            await audience.TellAsync(sentence, cancellationToken);
        }
    }

    /// <summary>Waits for <paramref name="task"/>, at most until the next sign of life is due and given; returns whether it is over.</summary>
    public async Task<bool> WaitAsync(Task task, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var pause = Task.Delay(speakEvery, time, over.Token);
        if (await Task.WhenAny(task, pause) != pause)
        {
            await over.CancelAsync();
            return true;
        }

        await pause; // throws where the wait was cancelled
        await audience.KeepAliveAsync(cancellationToken);
        return false;
    }
}
