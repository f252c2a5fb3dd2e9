namespace Workspaces.Ssh.Authentication;

/// <summary>What becomes of a login whose signature has been verified.</summary>
public sealed class AuthenticationDecision
{
    private AuthenticationDecision(Outcome result, string message, AuthenticationQuestion? question = null)
    {
        Result = result;
        Message = message;
        Question = question;
    }

    internal enum Outcome
    {
        Accept,
        Deny,
        Disconnect,
        Ask,
    }

    /// <summary>SUCCESS is sent: everything behind the login stands ready.</summary>
    public static AuthenticationDecision Accept { get; } = new(Outcome.Accept, "");

    /// <summary>FAILURE is sent; the client may try another key.</summary>
    public static AuthenticationDecision Deny { get; } = new(Outcome.Deny, "");

    internal Outcome Result { get; }

    internal string Message { get; }

    internal AuthenticationQuestion? Question { get; }

    /// <summary>The connection ends with a sentence that the person reads. For failures that no other key would mend.</summary>
    public static AuthenticationDecision Disconnect(string message) => new(Outcome.Disconnect, message);

    /// <summary>
    /// The key is accepted, and login goes on with a question (partial success, RFC 4252 section 5.1). Clients that cannot answer end the
    /// connection, so tell before, by a banner, what there is to know.
    /// </summary>
    public static AuthenticationDecision Ask(AuthenticationQuestion question) => new(Outcome.Ask, "", question);
}
