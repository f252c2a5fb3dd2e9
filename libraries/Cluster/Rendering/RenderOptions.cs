using System.ComponentModel.DataAnnotations;

namespace Workspaces.Cluster.Rendering;

/// <summary>What rendering needs to know besides the request. Set by configuration.</summary>
public sealed class RenderOptions
{
    /// <summary>Image with the toolkit (<c>Images__Toolkit</c>).</summary>
    [Required]
    public string ToolkitImage { get; set; } = "workspaces/toolkit";

    /// <summary>Public key line of the authority that signs login certificates (content of <c>UserCa__PublicKeyFile</c>).</summary>
    [Required]
    public string UserCaPublicKey { get; set; } = "";

    /// <summary>Port of the SSH server in standalone pods.</summary>
    [Range(1, 65535)]
    public int SshPort { get; set; } = 2222;

    /// <summary>Namespace that the Proxy runs in (<c>Proxy__Namespace</c>): network policies let it in.</summary>
    [Required]
    public string ProxyNamespace { get; set; } = "workspaces-system";

    /// <summary>Labels of the Proxy's pods (<c>Proxy__PodLabels__...</c>).</summary>
    public Dictionary<string, string> ProxyPodLabels { get; } = new() { ["app.kubernetes.io/name"] = "workspaces-proxy" };

    /// <summary>Where the Proxy runs outside of the cluster: the addresses it comes from (<c>Proxy__SourceCidrs__0</c>).</summary>
    public List<string> ProxySourceCidrs { get; } = [];
}
