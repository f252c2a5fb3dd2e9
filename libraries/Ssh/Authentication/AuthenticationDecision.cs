namespace Workspaces.Ssh.Authentication;

/// <summary>What becomes of a login whose signature has been verified.</summary>
public sealed class AuthenticationDecision
{
    private AuthenticationDecision(Outcome result, string message)
    {
        Result = result;
        Message = message;
    }

    internal enum Outcome
    {
        Accept,
        Deny,
        Disconnect,
    }

    /// <summary>SUCCESS is sent: everything behind the login stands ready.</summary>
    public static AuthenticationDecision Accept { get; } = new(Outcome.Accept, "");

    /// <summary>FAILURE is sent; the client may try another key.</summary>
    public static AuthenticationDecision Deny { get; } = new(Outcome.Deny, "");

    internal Outcome Result { get; }

    internal string Message { get; }

    /// <summary>The connection ends with a sentence that the person reads. For failures that no other key would mend.</summary>
    public static AuthenticationDecision Disconnect(string message) => new(Outcome.Disconnect, message);
}
