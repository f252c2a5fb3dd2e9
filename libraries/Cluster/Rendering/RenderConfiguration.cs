using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Workspaces.Cluster.Rendering;

/// <summary>Reads <see cref="RenderOptions"/> from the settings that several services share.</summary>
internal static class RenderConfiguration
{
    private const string CaSetting = "UserCa:PublicKeyFile";

    public static void Read(IConfiguration configuration, RenderOptions options)
    {
        options.ToolkitImage = configuration["Images:Toolkit"] ?? options.ToolkitImage;
        options.UserCaPublicKey = ReadCa(configuration[CaSetting]);
        options.ProxyNamespace = configuration["Proxy:Namespace"] ?? options.ProxyNamespace;
        var labels = configuration.GetSection("Proxy:PodLabels").GetChildren().ToArray();
        if (labels.Length > 0)
        {
            options.ProxyPodLabels.Clear();
            foreach (var label in labels)
            {
                options.ProxyPodLabels[label.Key] = label.Value ?? "";
            }
        }

        options.ProxySourceCidrs.AddRange(configuration.GetSection("Proxy:SourceCidrs").GetChildren().Select(child => child.Value).OfType<string>());
    }

    /// <summary>Without the authority's key nobody could ever log in, so it is missed now and not then.</summary>
    private static string ReadCa(string? path)
    {
        if (string.IsNullOrEmpty(path) || !File.Exists(path))
        {
            throw Invalid($"UserCa__PublicKeyFile must name the public key file of the Proxy's user CA; '{path}' is not a file.");
        }

        var line = File.ReadLines(path).FirstOrDefault(candidate => candidate.Trim().Length > 0)?.Trim();
        return line is not null && line.Split(' ').Length >= 2 && !line.StartsWith("-----", StringComparison.Ordinal)
            ? line
            : throw Invalid($"'{path}' (UserCa__PublicKeyFile) does not hold an OpenSSH public key line such as 'ssh-ed25519 AAAA...'.");
    }

    private static OptionsValidationException Invalid(string message) => new(nameof(RenderOptions), typeof(RenderOptions), [message]);
}
