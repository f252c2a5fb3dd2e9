namespace Workspaces.Cluster.Applying;

/// <summary>An object has the name that ours would have, and somebody else made it. It is left alone.</summary>
public sealed class ObjectNotOursException(string kind, string @namespace, string name)
    : Exception($"{kind} {@namespace}/{name} exists and was not made by Workspaces. Delete or rename it, then start the workspace again.");
