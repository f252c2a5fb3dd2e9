using Workspaces.Contracts;
using Workspaces.Proxy.Connecting;
using Workspaces.Proxy.LoginNames;
using Workspaces.Proxy.Policy;
using Workspaces.Proxy.Routing;
using Workspaces.Proxy.Sessions;

namespace Workspaces.Proxy.Authenticating;

/// <summary>
/// Decides about a login whose signature has been verified, and sets up what is behind it:
/// 1. the key, or the certificate, says who;
/// 2. the login name says where to;
/// 3. the workspace is brought up, which may take minutes;
/// 4. what was right before the wait must still be right;
/// 5. leg 2 is connected;
/// 6. the session is recorded.
/// </summary>
internal sealed partial class LoginDecider(
    Credentials credentials,
    RoutingTable routes,
    LoginNameResolver resolver,
    WorkspaceArrival arrivals,
    InstanceConnector connector,
    SessionRegistry sessions,
    SessionPolicies policies,
    ProxyOptions options,
    TimeProvider time,
    ILogger<LoginDecider> logger)
{
    /// <summary>An instance that goes at this moment is still in the table; another one, or the next, may do.</summary>
    private const int MaxConnectAttempts = 3;

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(300);

    /// <summary>Decides.</summary>
    public async Task<LoginOutcome> DecideAsync(LoginRequest request, CancellationToken cancellationToken)
    {
        // 1.
        var users = credentials.UsersOf(request.Credential);
        if (users.Count == 0)
        {
            return new LoginOutcome.UnknownKey();
        }

        // 2.
        var name = LoginNameParser.Parse(request.LoginName);
        if (!name.IsValid)
        {
            return new LoginOutcome.Refused(name.Refusal, AuthenticationFailureReason.InvalidLogin);
        }

        if (UserMeant(name.Name, users) is not { } user)
        {
            return new LoginOutcome.Refused(
                "Your certificate stands for several users. Say which: USER~ws=NAME@...", AuthenticationFailureReason.InvalidLogin);
        }

        if (sessions.CountOf(user) >= options.MaxSessionsPerUser)
        {
            return new LoginOutcome.Refused($"You have {options.MaxSessionsPerUser} sessions open, and may have no more. End one first.");
        }

        if (resolver.Resolve(name.Name, user) is not { } wish)
        {
            return NoSuchWorkspace(request);
        }

        return await EstablishAsync(request, user, wish, cancellationToken);
    }

    /// <summary>A key has one user. A certificate may have several; then the login name has to say which.</summary>
    private static string? UserMeant(LoginName name, IReadOnlyList<string> users)
    {
        var said = name switch
        {
            UserLogin login => login.User,
            BareLogin login => login.Name,
            _ => null,
        };
        return users.Count == 1 ? users[0] : users.FirstOrDefault(user => user == said);
    }

    private async Task<LoginOutcome> EstablishAsync(LoginRequest request, string user, WorkspaceWish wish, CancellationToken cancellationToken)
    {
        var failed = new List<InstanceLease>();
        try
        {
            return await EstablishAsync(request, user, wish, failed, cancellationToken);
        }
        finally
        {
            failed.ForEach(lease => lease.Dispose());
        }
    }

    /// <summary>Tells which replicas there are, for clients that cannot answer, and asks.</summary>
    private async Task<LoginOutcome> AskAsync(
        LoginRequest request, string user, WorkspaceWish wish, IReadOnlyList<InstanceRoute> replicas, CancellationToken cancellationToken)
    {
        var instruction = ReplicaQuestion.Instruction(wish.Workspace, replicas);
        await request.Audience.TellAsync(instruction, cancellationToken);
        return Question("");

        LoginOutcome.Question Question(string before) => new(before, "Which replica? ", async (answer, token) =>
            ReplicaQuestion.Read(answer, replicas) is { } replica
                ? await EstablishAsync(request, user, wish with { Replica = replica }, token)
                : Question($"There is no replica '{SafeText.OneLine(answer)}'. {instruction}\n"));
    }

    /// <param name="request">The login.</param>
    /// <param name="user">Whose key it is.</param>
    /// <param name="wish">Where to.</param>
    /// <param name="failed">Instances that could not be connected to: held, so that the next choice is another one.</param>
    /// <param name="cancellationToken">Cancelled when the client leaves.</param>
    private async Task<LoginOutcome> EstablishAsync(
        LoginRequest request, string user, WorkspaceWish wish, List<InstanceLease> failed, CancellationToken cancellationToken)
    {
        var arrival = new Arrival(wish, request.LoginName);
        for (var attempt = 1; ; attempt++)
        {
            // 3.
            var step = await arrivals.WaitAsync(arrival, wish, request.Audience, cancellationToken);
            if (step is ArrivalStep.Choose choose)
            {
                return await AskAsync(request, user, wish, choose.Replicas, cancellationToken);
            }

            if (step is not ArrivalStep.Arrive(var workspace, var lease))
            {
                var refusal = (ArrivalStep.GiveUp)step;
                return refusal.IsNoSuchWorkspace ? NoSuchWorkspace(request) : new LoginOutcome.Refused(refusal.Sentence);
            }

            // 4.
            if (!credentials.UsersOf(request.Credential).Contains(user))
            {
                lease.Dispose();
                return new LoginOutcome.UnknownKey();
            }

            try
            {
                return await ConnectAsync(request, user, wish, workspace, lease, cancellationToken);
            }
            catch (InstanceConnectionException e)
            {
                failed.Add(lease);
                if (e.Failure == InstanceConnectionFailure.WrongHostKey)
                {
                    routes.InstancesOf(workspace.Id).Quarantine(lease.Route.Id);
                }

                if (e.Failure == InstanceConnectionFailure.Refused || attempt == MaxConnectAttempts)
                {
                    return new LoginOutcome.Refused(e.Message);
                }
            }
            catch
            {
                failed.Add(lease);
                throw;
            }

            await Task.Delay(BetweenAttempts, time, cancellationToken);
        }
    }

    private async Task<LoginOutcome> ConnectAsync(
        LoginRequest request, string user, WorkspaceWish wish, Workspace workspace, InstanceLease lease, CancellationToken cancellationToken)
    {
        var posixUser = lease.Route.Announcement.LoginUser ?? workspace.Identity.Owner;
        if (wish.PosixUser is { } wanted && wanted != posixUser)
        {
            lease.Dispose();
            return new LoginOutcome.Refused($"Workspace {wish.Workspace} lets you in as {SafeText.OneLine(posixUser)} only: leave out user={wanted}.");
        }

        await TellReplicaAsync(request, wish, lease, cancellationToken);

        // 5.
        var facts = new SessionFacts(
            Guid.NewGuid(), user, request.Credential, request.ClientAddress, SafeText.OneLine(request.Client.PeerIdentification.Line));
        var grant = SessionGrant.Of(policies.For(user, workspace, lease.Route), request.Credential.Certificate);
        var instance = await connector.ConnectAsync(new InstanceLogin(lease.Route, user, posixUser, facts.Id, grant), request.Client, cancellationToken);

        // 6.
        try
        {
            var session = sessions.Open(facts, workspace, lease.Route);
            LogOpened(logger, session.Id, user, workspace.Identity.Name, lease.Route.Pod, request.ClientAddress);
            return new LoginOutcome.Established(new EstablishedLogin(session, instance, lease, grant));
        }
        catch (IOException e)
        {
            LogNotRecorded(logger, e);
            lease.Dispose();
            await instance.DisposeAsync();
            return new LoginOutcome.Refused("Your session cannot be recorded at the moment, so it was not opened. Tell an operator.");
        }
    }

    private static async Task TellReplicaAsync(LoginRequest request, WorkspaceWish wish, InstanceLease lease, CancellationToken cancellationToken)
    {
        if (lease.Replicas > 1)
        {
            var replica = SafeText.OneLine(lease.Route.Replica);
            await request.Audience.TellAsync(
                $"This is replica {replica} of {lease.Replicas} (pod {SafeText.OneLine(lease.Route.Pod)}). For another one: {wish.Workspace}.REPLICA@...",
                cancellationToken);
        }
    }

    private static LoginOutcome.Refused NoSuchWorkspace(LoginRequest request) =>
        new(Arrival.NoSuchWorkspace(request.LoginName), AuthenticationFailureReason.NoSuchWorkspace);

    [LoggerMessage(1400, LogLevel.Information, "Session {Session}: {User} to workspace {Workspace}, pod {Pod}, from {Address}.")]
    private static partial void LogOpened(ILogger logger, Guid session, string user, string workspace, string pod, string address);

    [LoggerMessage(1401, LogLevel.Error, "A session could not be recorded in the spool, so it was refused.")]
    private static partial void LogNotRecorded(ILogger logger, Exception exception);
}
