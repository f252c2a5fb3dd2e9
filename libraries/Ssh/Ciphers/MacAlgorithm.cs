using System.Security.Cryptography;

namespace Workspaces.Ssh.Ciphers;

/// <summary>A message authentication code (HMAC with SHA-2: RFC 6668).</summary>
/// <param name="Name">Name in KEXINIT.</param>
/// <param name="Length">Bytes of key and of tag.</param>
/// <param name="Hash">The hash of the HMAC.</param>
/// <param name="OfCiphertext">Whether it authenticates what is sent (encrypt-then-MAC, OpenSSH PROTOCOL section 1.5) or what is meant (RFC 4253 section 6.4).</param>
internal sealed record MacAlgorithm(string Name, int Length, HashAlgorithmName Hash, bool OfCiphertext)
{
    public static IReadOnlyList<MacAlgorithm> All { get; } =
    [
        new("hmac-sha2-256-etm@openssh.com", SHA256.HashSizeInBytes, HashAlgorithmName.SHA256, OfCiphertext: true),
        new("hmac-sha2-512-etm@openssh.com", SHA512.HashSizeInBytes, HashAlgorithmName.SHA512, OfCiphertext: true),

        // For clients that know nothing better, such as libssh2 before 1.11 and with it curl of Debian 12.
        new("hmac-sha2-256", SHA256.HashSizeInBytes, HashAlgorithmName.SHA256, OfCiphertext: false),
        new("hmac-sha2-512", SHA512.HashSizeInBytes, HashAlgorithmName.SHA512, OfCiphertext: false),
    ];

    public static MacAlgorithm Named(string name) => All.First(mac => mac.Name == name);
}
