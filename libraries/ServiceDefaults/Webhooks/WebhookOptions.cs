namespace Workspaces.ServiceDefaults.Webhooks;

/// <summary>Settings of what is sent to other people's addresses, section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Webhooks";

    /// <summary>
    /// Networks that webhooks may reach although they are not public, as <c>10.20.0.0/16</c>. None by default: a URL that a client
    /// chooses must not reach what only this service can reach (server-side request forgery).
    /// </summary>
    public IList<string> AllowedPrivateNetworks { get; init; } = [];

    /// <summary>Accept <c>http</c> URLs as well. Messages are signed, but everyone on the way can read them.</summary>
    public bool AllowInsecureHttp { get; init; }

    /// <summary>
    /// File with the keys that secrets are encrypted with where they are stored: one a line, 32 bytes in base64. The first encrypts, each of them
    /// decrypts. Keep it, and its backup, apart from the database's.
    /// </summary>
    public string? SecretsKeyFile { get; init; }

    /// <summary>How long one attempt may take, from resolving the name to the answer's headers.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);
}
