using System.Security.Cryptography;

namespace Workspaces.Ssh.Ciphers;

/// <summary>A message authentication code in encrypt-then-MAC form (OpenSSH PROTOCOL section 1.5; HMAC with SHA-2: RFC 6668).</summary>
/// <param name="Name">Name in KEXINIT.</param>
/// <param name="Length">Bytes of key and of tag.</param>
/// <param name="Hash">The hash of the HMAC.</param>
internal sealed record MacAlgorithm(string Name, int Length, HashAlgorithmName Hash)
{
    public static IReadOnlyList<MacAlgorithm> All { get; } =
    [
        new("hmac-sha2-256-etm@openssh.com", SHA256.HashSizeInBytes, HashAlgorithmName.SHA256),
        new("hmac-sha2-512-etm@openssh.com", SHA512.HashSizeInBytes, HashAlgorithmName.SHA512),
    ];

    public static MacAlgorithm Named(string name) => All.First(mac => mac.Name == name);
}
