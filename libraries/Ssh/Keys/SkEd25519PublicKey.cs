using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Keys;

/// <summary>An Ed25519 key held by a hardware key (OpenSSH PROTOCOL.u2f).</summary>
public sealed class SkEd25519PublicKey : SshPublicKey
{
    private static readonly string[] Algorithms = [KeyTypes.SkEd25519];

    private readonly byte[] _point;

    private SkEd25519PublicKey(byte[] point, string application, byte[] blob)
        : base(KeyTypes.SkEd25519, blob)
    {
        _point = point;
        Application = application;
    }

    /// <summary>The application the key was made for, usually <c>ssh:</c>.</summary>
    public string Application { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> SignatureAlgorithms => Algorithms;

    internal static SkEd25519PublicKey Read(ref SshReader reader, ReadOnlySpan<byte> blob) =>
        new(Ed25519PublicKey.ReadPoint(ref reader), reader.ReadText(), blob.ToArray());

    private protected override bool VerifyCore(string algorithm, ref SshReader signature, ReadOnlySpan<byte> data, out SecurityKeyFlags flags)
    {
        var raw = signature.ReadString();
        var flagByte = signature.ReadByte();
        var counter = signature.ReadUInt32();
        flags = (SecurityKeyFlags)flagByte;
        return Ed25519PublicKey.VerifyRaw(_point, raw, SecurityKeySignature.SignedData(Application, flagByte, counter, data));
    }
}
