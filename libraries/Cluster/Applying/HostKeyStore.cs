using System.Text;
using k8s;
using k8s.Models;
using Workspaces.Cluster.Connecting;
using Workspaces.Cluster.Naming;
using Workspaces.Cluster.Rendering;

namespace Workspaces.Cluster.Applying;

/// <summary>The host keys of workspaces: each made once and kept in the workspace's Secret, whose name is taken from nobody.</summary>
public sealed class HostKeyStore(IKubernetes kubernetes)
{
    /// <summary>The key of a workspace; the first call makes it.</summary>
    /// <exception cref="ObjectNotOursException">A Secret of that name exists and is somebody else's.</exception>
    public async Task<HostKey> GetOrMakeAsync(WorkspaceInput wanted, string fieldManager, CancellationToken cancellation)
    {
        var name = ObjectNames.For(wanted.WorkspaceId);
        try
        {
            return Read(await kubernetes.CoreV1.ReadNamespacedSecretAsync(name, wanted.Namespace, cancellationToken: cancellation).ConfigureAwait(false), wanted);
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.NotFound))
        {
            var made = HostKey.Generate();
            var secret = KubernetesJson.Deserialize<V1Secret>(SecretRenderer.Render(wanted, made.PrivatePem).ToJsonString());
            await kubernetes.CoreV1.CreateNamespacedSecretAsync(
                secret, wanted.Namespace, fieldManager: fieldManager, cancellationToken: cancellation).ConfigureAwait(false);
            return made;
        }
    }

    private static HostKey Read(V1Secret secret, WorkspaceInput wanted)
    {
        if (secret.GetLabel(WorkspaceLabels.Workspace) != wanted.WorkspaceId
            || secret.Data is null || !secret.Data.TryGetValue(ObjectNames.HostKeyEntry, out var pem))
        {
            throw new ObjectNotOursException(V1Secret.KubeKind, secret.Namespace(), secret.Name());
        }

        return HostKey.Read(Encoding.ASCII.GetString(pem));
    }
}
