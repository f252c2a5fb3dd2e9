using Workspaces.Contracts;
using Workspaces.Proxy.Connecting;
using Workspaces.Proxy.Routing;
using Workspaces.Proxy.Sessions;

namespace Workspaces.Proxy.Authenticating;

/// <summary>What became of a login with a verified signature.</summary>
internal abstract record LoginOutcome
{
    private LoginOutcome()
    {
    }

    /// <summary>Everything behind the login stands.</summary>
    public sealed record Established(EstablishedLogin Login) : LoginOutcome;

    /// <summary>The key is nobody's: the client may try another.</summary>
    public sealed record UnknownKey : LoginOutcome;

    /// <summary>The person has to say something first, for instance which replica.</summary>
    public sealed record Question(string Instruction, string Prompt, Func<string, CancellationToken, Task<LoginOutcome>> Answer) : LoginOutcome;

    /// <summary>No other key would mend it; the person reads why. <paramref name="Failure"/> where it counts as a failed login.</summary>
    public sealed record Refused(string Sentence, AuthenticationFailureReason? Failure = null) : LoginOutcome;
}

/// <summary>A session that is open, its leg 2, and its place on the instance.</summary>
internal sealed record EstablishedLogin(Session Session, InstanceConnection Instance, InstanceLease Lease, SessionGrant Grant);
