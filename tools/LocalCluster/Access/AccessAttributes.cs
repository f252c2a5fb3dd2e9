namespace Workspaces.LocalCluster.Access;

/// <summary>What a caller wants to do, in the words of RBAC: a verb on a resource (with its subresource), or on a path.</summary>
public sealed record AccessAttributes(string Verb, string Group = "", string Resource = "", string Subresource = "", string Namespace = "", string Name = "", string Path = "")
{
    public bool IsResource => Resource.Length > 0;

    /// <summary>The resource as rules name it: <c>pods/log</c>.</summary>
    public string FullResource => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";
}
