namespace Workspaces.LocalCluster.Access;

/// <summary>Whether a caller may do something, and why; of a refusal the reason is empty but where a binding names a role that does not exist.</summary>
internal sealed record AccessDecision(bool Allowed, string Reason);
