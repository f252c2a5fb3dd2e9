using System.Numerics;
using System.Security.Cryptography;

namespace Workspaces.Requests.Users.Keys;

/// <summary>
/// Reads one line of a <c>.pub</c> file and says clearly what is wrong with it. Accepts the key types that the Proxy takes:
/// ed25519, ecdsa on the NIST curves, rsa of 2048 bits and more, and the security key types.
/// </summary>
public static class SshPublicKeyParser
{
    private const int MaxLineLength = 16 * 1024;
    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 16384;
    private const string Accepted = "Accepted are ssh-ed25519, ecdsa-sha2-nistp256/384/521, ssh-rsa (2048 bits and up), "
        + "sk-ssh-ed25519@openssh.com and sk-ecdsa-sha2-nistp256@openssh.com.";

    private static readonly string[] Types =
    [
        "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
        "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
    ];

    /// <summary>Parses a line; where it is no acceptable key, <paramref name="error"/> is a sentence that says why.</summary>
    public static SshPublicKey? Parse(string text, out string error)
    {
        var line = text.Trim();
        error = ErrorOfText(line);
        if (error.Length > 0)
        {
            return null;
        }

        var fields = line.Split([' ', '\t'], 3, StringSplitOptions.RemoveEmptyEntries);
        error = ErrorOfType(fields);
        if (error.Length > 0)
        {
            return null;
        }

        var blob = new byte[fields[1].Length];
        if (!Convert.TryFromBase64String(fields[1], blob, out var length))
        {
            error = "The second field is not base64. Was the line cut off or wrapped?";
            return null;
        }

        blob = blob[..length];
        error = ErrorOfBlob(fields[0], blob);
        if (error.Length > 0)
        {
            return null;
        }

        var fingerprint = "SHA256:" + Convert.ToBase64String(SHA256.HashData(blob)).TrimEnd('=');
        return new SshPublicKey(fields[0], $"{fields[0]} {Convert.ToBase64String(blob)}", fingerprint, fields.Length > 2 ? fields[2].Trim() : null);
    }

    private static string ErrorOfText(string line) =>
        line.Length == 0 ? "The key is empty. Send the content of a .pub file."
        : line.Contains("PRIVATE KEY", StringComparison.Ordinal)
            ? "This is a private key. Send the content of the .pub file, and consider this private key as known to others now."
        : line.Length > MaxLineLength ? $"The key is longer than {MaxLineLength} characters."
        : line.Any(c => c is '\n' or '\r') ? "Send one key at a time, on one line."
        : line.Any(c => char.IsControl(c) && c != '\t') ? "The key contains control characters."
        : line.StartsWith('#') ? "This line is a comment, not a key."
        : "";

    private static string ErrorOfType(string[] fields)
    {
        var type = fields[0];
        return Types.Contains(type) ? fields.Length > 1 ? "" : "The line has only a key type. Was the line cut off?"
            : type == "ssh-dss" ? "DSA keys are too weak and accepted nowhere any more. Make another one: ssh-keygen -t ed25519"
            : type.Contains("-cert-v01@", StringComparison.Ordinal) ? "This is a certificate. Send the plain public key."
            : fields.Skip(1).Any(field => Types.Contains(field.Split(' ', '\t')[0]) || Types.Any(known => field.Contains($" {known} ", StringComparison.Ordinal)))
                ? "Options in front of the key (such as command= or from=) are not supported. Send the line without them."
            : $"The line does not begin with a known key type. {Accepted}";
    }

    private static string ErrorOfBlob(string type, byte[] bytes)
    {
        const string Broken = "The key is damaged: its content does not have the form of its type. Was the line cut off?";
        var blob = new SshKeyBlob(bytes);
        if (!blob.TryReadText(out var inner))
        {
            return Broken;
        }

        if (inner != type)
        {
            return $"The line says {type}, but the key inside is of type '{inner}'.";
        }

        var error = type switch
        {
            "ssh-ed25519" => blob.TryReadString(out var point) && point.Length == 32 ? "" : Broken,
            "sk-ssh-ed25519@openssh.com" =>
                blob.TryReadString(out var point) && point.Length == 32 && blob.TryReadText(out var application) && application.Length > 0 ? "" : Broken,
            "ssh-rsa" => ErrorOfRsa(ref blob) ?? Broken,
            "sk-ecdsa-sha2-nistp256@openssh.com" =>
                IsOnCurve(ref blob, "nistp256") && blob.TryReadText(out var application) && application.Length > 0 ? "" : Broken,
            _ => IsOnCurve(ref blob, type["ecdsa-sha2-".Length..]) ? "" : Broken,
        };
        return error.Length > 0 ? error : blob.IsAtEnd ? "" : Broken;
    }

    /// <summary>Null: not an RSA key at all.</summary>
    private static string? ErrorOfRsa(ref SshKeyBlob blob)
    {
        if (!blob.TryReadPositive(out var exponent) || !blob.TryReadPositive(out var modulus))
        {
            return null;
        }

        var bits = (int)new BigInteger(modulus, isUnsigned: true, isBigEndian: true).GetBitLength();
        return bits is < MinRsaBits or > MaxRsaBits
            ? $"This RSA key has {bits} bits; from {MinRsaBits} to {MaxRsaBits} are accepted. Make another one: ssh-keygen -t ed25519"
            : exponent.Length > 8 || (exponent[^1] & 1) == 0 || (modulus[^1] & 1) == 0 ? null
            : "";
    }

    private static bool IsOnCurve(ref SshKeyBlob blob, string name)
    {
        var (curve, size) = name switch
        {
            "nistp256" => (ECCurve.NamedCurves.nistP256, 32),
            "nistp384" => (ECCurve.NamedCurves.nistP384, 48),
            _ => (ECCurve.NamedCurves.nistP521, 66),
        };
        if (!blob.TryReadText(out var inner) || inner != name || !blob.TryReadString(out var point) || point.Length != 1 + (2 * size) || point[0] != 4)
        {
            return false;
        }

        try
        {
            using var key = ECDsa.Create(new ECParameters
            {
                Curve = curve,
                Q = new ECPoint { X = point.Slice(1, size).ToArray(), Y = point[(1 + size)..].ToArray() },
            });
            return true;
        }
        catch (CryptographicException)
        {
            // The point is not on the curve: that is the answer.
            return false;
        }
    }
}
