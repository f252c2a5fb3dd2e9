using Workspaces.Ssh;

namespace Workspaces.Proxy.Relaying;

/// <summary>How a relay ended.</summary>
/// <param name="Cause">What ended it.</param>
/// <param name="Message">A sentence for logs; where an instance ended it, also what the person was told.</param>
/// <param name="Exception">The failure behind it; null where the Proxy itself ended it.</param>
public sealed record RelayEnd(RelayEndCause Cause, string Message, SshException? Exception);
