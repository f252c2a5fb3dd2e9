using System.Security.Cryptography;

namespace Workspaces.LocalCluster.Node.Containers;

/// <summary>Identities of runs of containers, in the form that container engines use.</summary>
internal static class ContainerIds
{
    public static string New() => RandomNumberGenerator.GetHexString(64, lowercase: true);
}
