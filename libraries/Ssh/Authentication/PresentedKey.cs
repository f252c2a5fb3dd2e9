using Workspaces.Ssh.Certificates;
using Workspaces.Ssh.Keys;

namespace Workspaces.Ssh.Authentication;

/// <summary>A key that a client names in an authentication request, plain or in a certificate.</summary>
/// <param name="Key">The key that signs; with a certificate, the certified key.</param>
/// <param name="Certificate">The certificate, or null. Its authority has not been checked, only its form and its own signature.</param>
/// <param name="SignatureAlgorithm">The algorithm the client signs with.</param>
public sealed record PresentedKey(SshPublicKey Key, SshCertificate? Certificate, string SignatureAlgorithm);
