using Workspaces.Ssh.Ciphers;
using Workspaces.Ssh.KeyExchange;
using Workspaces.Ssh.Keys;

namespace Workspaces.Ssh.Transport;

/// <summary>Names of algorithms and what is on by default.</summary>
public static class SshAlgorithms
{
    /// <summary>Key exchange methods offered by default, best first.</summary>
    public static IReadOnlyList<string> DefaultKeyExchanges { get; } =
        [KeyExchangeMethod.MlKem768X25519, KeyExchangeMethod.Curve25519, KeyExchangeMethod.Curve25519LibSsh];

    /// <summary>All key exchange methods, the defaults first. What is not a default costs a server more, or is there for clients that know no better.</summary>
    public static IReadOnlyList<string> AllKeyExchanges { get; } =
    [
        .. DefaultKeyExchanges, KeyExchangeMethod.EcdhNistP256, KeyExchangeMethod.EcdhNistP384, KeyExchangeMethod.EcdhNistP521,
        KeyExchangeMethod.Group16, KeyExchangeMethod.Group14,
    ];

    /// <summary>Ciphers offered by default, best first.</summary>
    public static IReadOnlyList<string> DefaultCiphers { get; } = [.. CipherAlgorithm.All.Select(cipher => cipher.Name)];

    /// <summary>Message authentication codes offered by default, best first: encrypt-then-MAC, and the older form last.</summary>
    public static IReadOnlyList<string> DefaultMacs { get; } = [.. MacAlgorithm.All.Select(mac => mac.Name)];

    /// <summary>Host key algorithms that a client accepts by default, best first.</summary>
    public static IReadOnlyList<string> DefaultHostKeyAlgorithms { get; } =
        [KeyTypes.Ed25519, KeyTypes.RsaSha512, KeyTypes.RsaSha256, KeyTypes.EcdsaNistP256, KeyTypes.EcdsaNistP384, KeyTypes.EcdsaNistP521];

    /// <summary>Signature algorithms accepted from users by default.</summary>
    public static IReadOnlyList<string> DefaultUserSignatures { get; } =
    [
        KeyTypes.Ed25519, KeyTypes.EcdsaNistP256, KeyTypes.EcdsaNistP384, KeyTypes.EcdsaNistP521, KeyTypes.RsaSha512, KeyTypes.RsaSha256,
        KeyTypes.SkEd25519, KeyTypes.SkEcdsaNistP256,
    ];
}
