namespace Workspaces.Ssh.Ciphers;

/// <summary>An encryption algorithm, with the authentication that belongs to it or is negotiated beside it.</summary>
/// <param name="Name">Name in KEXINIT.</param>
/// <param name="KeyLength">Bytes of key (RFC 4253 section 7.2).</param>
/// <param name="NonceLength">Bytes of initial IV.</param>
/// <param name="AuthenticatesItself">Whether the negotiated MAC is not used (RFC 5647 section 5.1).</param>
internal sealed record CipherAlgorithm(string Name, int KeyLength, int NonceLength, bool AuthenticatesItself)
{
    public const string Aes128Gcm = "aes128-gcm@openssh.com";
    public const string Aes256Gcm = "aes256-gcm@openssh.com";
    public const string ChaCha20Poly1305 = "chacha20-poly1305@openssh.com";
    public const string Aes256Ctr = "aes256-ctr";

    /// <summary>All that are implemented, in order of preference.</summary>
    public static IReadOnlyList<CipherAlgorithm> All { get; } =
    [
        new(Aes128Gcm, 16, GcmNonce.Length, AuthenticatesItself: true),
        new(Aes256Gcm, 32, GcmNonce.Length, AuthenticatesItself: true),
        new(ChaCha20Poly1305, ChaChaKeys.KeyLength, 0, AuthenticatesItself: true),
        new(Aes256Ctr, 32, CounterMode.Block, AuthenticatesItself: false),
    ];

    public static CipherAlgorithm Named(string name) => All.First(cipher => cipher.Name == name);

    public PacketSealer CreateSealer(KeyMaterial material) => Name switch
    {
        ChaCha20Poly1305 => new ChaChaSealer(material.EncryptionKey),
        Aes256Ctr when material.Mac is { OfCiphertext: true } => new CounterSealer(material),
        Aes256Ctr => new CounterAndMacSealer(material),
        _ => new GcmSealer(material.EncryptionKey, material.InitialVector),
    };

    public PacketOpener CreateOpener(KeyMaterial material) => Name switch
    {
        ChaCha20Poly1305 => new ChaChaOpener(material.EncryptionKey),
        Aes256Ctr when material.Mac is { OfCiphertext: true } => new CounterOpener(material),
        Aes256Ctr => new CounterAndMacOpener(material),
        _ => new GcmOpener(material.EncryptionKey, material.InitialVector),
    };
}
