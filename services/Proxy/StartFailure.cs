using Microsoft.AspNetCore.Connections;
using Workspaces.Proxy.Sessions.Spool;

namespace Workspaces.Proxy;

/// <summary>Failures to start that an operator can mend: one sentence instead of a stack trace.</summary>
internal static class StartFailure
{
    /// <summary>The sentence; null for what is no such failure.</summary>
    public static string? Explain(Exception e) => e switch
    {
        ProxyConfigurationException or SpoolException => e.Message,
        IOException { InnerException: AddressInUseException } => $"{e.Message} Another program listens there already.",
        _ => null,
    };
}
