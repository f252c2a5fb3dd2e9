namespace Workspaces.Proxy.Connecting;

/// <summary>An instance could not be connected to. The message is for the person and tells nothing of addresses or keys.</summary>
public sealed class InstanceConnectionException(InstanceConnectionFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What failed.</summary>
    public InstanceConnectionFailure Failure { get; } = failure;
}

/// <summary>What failed on the way to an instance.</summary>
public enum InstanceConnectionFailure
{
    /// <summary>Nothing answered at its address, or not in time: it is starting, going, or cut off.</summary>
    Unreachable,

    /// <summary>Something answered with another host key: it is not the instance that was announced.</summary>
    WrongHostKey,

    /// <summary>It is the instance, and its SSH server did not let the Proxy in: authority or principal do not match.</summary>
    Refused,
}
