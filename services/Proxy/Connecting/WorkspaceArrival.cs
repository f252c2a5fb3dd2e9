using Workspaces.Proxy.LoginNames;
using Workspaces.Proxy.Routing;

namespace Workspaces.Proxy.Connecting;

/// <summary>
/// Brings a login to an instance: asks for the workspace where it has to be made or started, waits for it, and keeps the person
/// informed. Ends when the client leaves (the workspace goes on coming up) or at the deadline.
/// </summary>
public sealed class WorkspaceArrival(
    RoutingTable routes, ChangeSignal changes, WorkspaceAsking asking, WaitingRoom waitingRoom, ProxyOptions options, TimeProvider time)
{
    /// <summary>Some clients give up after 15 s (VS Code) or 30 s (Paramiko): who will wait longer hears early how to go on.</summary>
    private static readonly TimeSpan HintAfter = TimeSpan.FromSeconds(8);

    private const string Hint = "This takes a while. You may also leave and log in again in a minute: it goes on meanwhile.";

    /// <summary>The next step of <paramref name="arrival"/> that ends the wait.</summary>
    /// <returns><see cref="ArrivalStep.Arrive"/>, <see cref="ArrivalStep.Choose"/> or <see cref="ArrivalStep.GiveUp"/>.</returns>
    public async Task<ArrivalStep> WaitAsync(Arrival arrival, WorkspaceWish wish, IArrivalAudience audience, CancellationToken cancellationToken)
    {
        // Most logins do not wait at all.
        if (arrival.Look(routes) is var first and (ArrivalStep.Arrive or ArrivalStep.Choose or ArrivalStep.GiveUp))
        {
            return first;
        }

        using var place = waitingRoom.Enter(wish.Owner);
        if (place is null)
        {
            return new ArrivalStep.GiveUp($"You have {options.Wait.MaxPerUser} logins waiting for workspaces already. Wait for those.");
        }

        using var deadline = new CancellationTokenSource(options.Wait.Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await WaitAsync(arrival, wish, new Narrator(audience, options.Wait.SpeakEvery, time), either.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new ArrivalStep.GiveUp($"Workspace {wish.Workspace} is still not up. It goes on coming up: log in again in a few minutes.");
        }
    }

    private async Task<ArrivalStep> WaitAsync(Arrival arrival, WorkspaceWish wish, Narrator narrator, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var changed = changes.Next; // taken before looking, so that no change is missed
            switch (arrival.Look(routes))
            {
                case ArrivalStep.Create:
                    var created = await AskAsync(
                        asking.CreateAsync(wish, cancellationToken), $"Workspace {wish.Workspace} does not exist yet; asking for it.", narrator, cancellationToken);
                    if (created is not { Id: { } id })
                    {
                        return new ArrivalStep.GiveUp(created.Refusal!);
                    }

                    arrival.Created(id);
                    break;

                case ArrivalStep.Start start:
                    var started = await AskAsync(
                        asking.StartAsync(start.Workspace, cancellationToken), $"Workspace {wish.Workspace} is started again.", narrator, cancellationToken);
                    if (started.Refusal is { } refusal)
                    {
                        return new ArrivalStep.GiveUp(refusal);
                    }

                    arrival.Started(start.Workspace);
                    break;

                case ArrivalStep.Wait wait:
                    await narrator.SayAsync(wait.Sentence, cancellationToken);
                    if (time.GetElapsedTime(began) > HintAfter)
                    {
                        await narrator.SayAsync(Hint, cancellationToken);
                    }

                    await narrator.WaitAsync(changed, cancellationToken);
                    break;

                case var step:
                    return step;
            }
        }
    }

    private static async Task<AskResult> AskAsync(Task<AskResult> asked, string sentence, Narrator narrator, CancellationToken cancellationToken)
    {
        await narrator.SayAsync(sentence, cancellationToken);
        while (!await narrator.WaitAsync(asked, cancellationToken))
        {
            // The narrator has given a sign of life; on with it.
        }

        return await asked;
    }
}
