namespace Workspaces.Contracts;

/// <summary>Why a login failed.</summary>
public enum AuthenticationFailureReason
{
    /// <summary>No offered key belongs to a known user.</summary>
    UnknownKey,

    /// <summary>The signature did not verify.</summary>
    BadSignature,

    /// <summary>The login name is not in the form that the Proxy reads.</summary>
    InvalidLogin,

    /// <summary>The key is known, but the workspace is not its owner's, or does not exist.</summary>
    NoSuchWorkspace,

    /// <summary>The client tried only methods that are not offered.</summary>
    MethodNotOffered,

    /// <summary>The client gave up, or ran out of time or attempts.</summary>
    Abandoned,

    /// <summary>Too many logins from the address had failed, so it was not let try.</summary>
    Throttled,
}
