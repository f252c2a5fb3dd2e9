using System.Text;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Utilities;
using Org.BouncyCastle.Security;

namespace Workspaces.Cluster.Rendering;

/// <summary>The host key of one workspace: ed25519, in the formats that OpenSSH reads.</summary>
/// <param name="PrivatePem">Private half, format openssh-key-v1, not encrypted. Never logged, stored only in the workspace's Secret.</param>
/// <param name="PublicLine">Public half: <c>ssh-ed25519 AAAA...</c>.</param>
public sealed record HostKey(string PrivatePem, string PublicLine)
{
    private const string Begin = "-----BEGIN OPENSSH PRIVATE KEY-----";
    private const string End = "-----END OPENSSH PRIVATE KEY-----";

    /// <summary>A new key.</summary>
    public static HostKey Generate()
    {
        var key = new Ed25519PrivateKeyParameters(new SecureRandom());
        var pem = new StringBuilder().Append(Begin).Append('\n');
        var body = Convert.ToBase64String(OpenSshPrivateKeyUtilities.EncodePrivateKey(key));
        for (var at = 0; at < body.Length; at += 70)
        {
            pem.Append(body.AsSpan(at, Math.Min(70, body.Length - at))).Append('\n');
        }

        return new HostKey(pem.Append(End).Append('\n').ToString(), PublicLineOf(key));
    }

    /// <summary>Reads a key back from a Secret.</summary>
    /// <exception cref="FormatException">It is not an ed25519 key in openssh-key-v1 format.</exception>
    public static HostKey Read(string privatePem)
    {
        var text = privatePem.Trim();
        if (!text.StartsWith(Begin, StringComparison.Ordinal) || !text.EndsWith(End, StringComparison.Ordinal))
        {
            throw new FormatException("The host key is not in openssh-key-v1 format.");
        }

        try
        {
            var blob = Convert.FromBase64String(text[Begin.Length..^End.Length]);
            return OpenSshPrivateKeyUtilities.ParsePrivateKeyBlob(blob) is Ed25519PrivateKeyParameters key
                ? new HostKey(privatePem, PublicLineOf(key))
                : throw new FormatException("The host key is not an ed25519 key.");
        }
        catch (Exception e) when (e is not FormatException)
        {
            // The reader of the format assumes well-formed input and fails in many ways on anything else.
            throw new FormatException("The host key cannot be read.", e);
        }
    }

    private static string PublicLineOf(Ed25519PrivateKeyParameters key) =>
        "ssh-ed25519 " + Convert.ToBase64String(OpenSshPublicKeyUtilities.EncodePublicKey(key.GeneratePublicKey()));

    /// <summary>Only the public half: a record prints all of its members otherwise.</summary>
    public override string ToString() => PublicLine;
}
