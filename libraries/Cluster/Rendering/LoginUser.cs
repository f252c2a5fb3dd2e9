using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;

namespace Workspaces.Cluster.Rendering;

/// <summary>The user that people are inside a workspace: the blueprint's word, else the owner's.</summary>
/// <param name="Name">POSIX user name.</param>
/// <param name="Uid">POSIX user id.</param>
/// <param name="Gid">POSIX group id.</param>
/// <param name="Shell">Login shell; empty: bash, else sh, else the toolkit's.</param>
/// <param name="Sudo">Whether they may become root.</param>
public sealed record LoginUser(string Name, int Uid, int Gid, string Shell, bool Sudo)
{
    /// <summary>Home directory; root's is where every image expects it.</summary>
    public string Home => Uid == 0 ? "/root" : $"/home/{Name}";

    /// <summary>The user of a workspace.</summary>
    public static LoginUser Of(WorkspaceOwner owner, BlueprintUser? user) => new(
        user?.Name ?? owner.Name,
        user?.Uid ?? owner.Uid,
        user?.Gid ?? user?.Uid ?? owner.Gid,
        user?.Shell ?? "",
        user?.Sudo ?? false);
}
