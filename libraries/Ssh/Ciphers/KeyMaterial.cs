namespace Workspaces.Ssh.Ciphers;

/// <summary>What one direction's cipher is made from (RFC 4253 section 7.2).</summary>
/// <param name="EncryptionKey">Key of the cipher.</param>
/// <param name="InitialVector">Initial IV or nonce.</param>
/// <param name="Mac">Negotiated code, or null where the cipher authenticates itself.</param>
/// <param name="IntegrityKey">Key of the code.</param>
internal sealed record KeyMaterial(byte[] EncryptionKey, byte[] InitialVector, MacAlgorithm? Mac, byte[] IntegrityKey);
