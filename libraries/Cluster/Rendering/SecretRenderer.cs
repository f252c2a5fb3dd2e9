using System.Text;
using System.Text.Json.Nodes;
using Workspaces.Cluster.Naming;

namespace Workspaces.Cluster.Rendering;

/// <summary>The Secret with the host key. Created once; a new key would break the trust of everybody who is connected.</summary>
public static class SecretRenderer
{
    /// <summary>The Secret for a key that was just made.</summary>
    public static JsonObject Render(WorkspaceInput input, string privateKeyPem) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["metadata"] = ObjectMetadata.Of(input),
        ["type"] = "Opaque",
        ["data"] = new JsonObject
        {
            [ObjectNames.HostKeyEntry] = Convert.ToBase64String(Encoding.ASCII.GetBytes(privateKeyPem)),
        },
    };
}
