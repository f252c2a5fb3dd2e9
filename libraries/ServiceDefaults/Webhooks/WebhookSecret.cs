using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Workspaces.ServiceDefaults.Webhooks;

/// <summary>
/// A shared secret of Standard Webhooks: 24 to 64 bytes, written <c>whsec_</c> and base64. It signs what is sent, and receivers verify with
/// it, so it must be had in plain text; where it is stored, <see cref="StoredSecrets"/> encrypts it.
/// </summary>
public sealed class WebhookSecret
{
    /// <summary>What every secret begins with.</summary>
    public const string Prefix = "whsec_";

    private const int NewLength = 32;
    private const int ShortestLength = 24;
    private const int LongestLength = 64;
    private const string Version = "v1,";

    private readonly byte[] _key;

    private WebhookSecret(byte[] key) => _key = key;

    /// <summary>The secret as people exchange it.</summary>
    public string Text => Prefix + Convert.ToBase64String(_key);

    /// <summary>A new random secret of 32 bytes.</summary>
    public static WebhookSecret New() => new(RandomNumberGenerator.GetBytes(NewLength));

    /// <summary>Reads a secret; false where it has another form or length.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out WebhookSecret? secret)
    {
        secret = null;
        var buffer = new byte[LongestLength + 3];
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal)
            || !Convert.TryFromBase64String(text[Prefix.Length..], buffer, out var length)
            || length is < ShortestLength or > LongestLength)
        {
            return false;
        }

        secret = new WebhookSecret(buffer[..length]);
        return true;
    }

    /// <summary>
    /// The signature of a message: HMAC-SHA256 over <c>id.timestamp.body</c>, written <c>v1,</c> and base64 (Standard Webhooks, "Signature scheme").
    /// </summary>
    /// <param name="id">Id of the message; it stays when the message is sent again.</param>
    /// <param name="timestamp">When it is sent, in whole seconds.</param>
    /// <param name="body">The body, to the byte.</param>
    public string Sign(string id, DateTimeOffset timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp.ToUnixTimeSeconds()}.")));
        hmac.AppendData(body);
        return Version + Convert.ToBase64String(hmac.GetHashAndReset());
    }

    /// <summary>The secret must not end up in a log by accident.</summary>
    public override string ToString() => Prefix + "...";
}
