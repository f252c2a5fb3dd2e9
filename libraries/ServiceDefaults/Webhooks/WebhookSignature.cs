using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Workspaces.ServiceDefaults.Webhooks;

/// <summary>The headers of Standard Webhooks.</summary>
public static class WebhookSignature
{
    /// <summary>Id of the message: the duplicate key.</summary>
    public const string IdHeader = "webhook-id";

    /// <summary>When this attempt was made, in seconds since 1970.</summary>
    public const string TimestampHeader = "webhook-timestamp";

    /// <summary>One or more signatures, separated by spaces: one for each secret that is valid.</summary>
    public const string SignatureHeader = "webhook-signature";

    /// <summary>How far a timestamp may be from the receiver's clock before a message counts as replayed by somebody else.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>The value of <see cref="SignatureHeader"/>.</summary>
    public static string HeaderOf(IEnumerable<WebhookSecret> secrets, string id, DateTimeOffset timestamp, ReadOnlyMemory<byte> body) =>
        string.Join(' ', secrets.Select(secret => secret.Sign(id, timestamp, body.Span)));

    /// <summary>
    /// Whether a message that arrived is genuine and recent. A receiver must pass the body as it came, not as it was parsed and written again.
    /// </summary>
    public static bool Verify(WebhookSecret secret, string id, string timestamp, string signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || Math.Abs(now.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds)
        {
            return false;
        }

        var expected = Encoding.ASCII.GetBytes(secret.Sign(id, DateTimeOffset.FromUnixTimeSeconds(seconds), body));
        return signatures.Split(' ').Any(signature => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(signature), expected));
    }
}
