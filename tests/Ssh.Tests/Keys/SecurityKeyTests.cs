using System.Security.Cryptography;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Wire;
using Xunit;

namespace Workspaces.Ssh.Tests.Keys;

/// <summary>Hardware keys, played by software keys that sign what a hardware key would.</summary>
public sealed class SecurityKeyTests
{
    private static readonly byte[] Data = [1, 2, 3];

    [Theory]
    [InlineData(0x01, SecurityKeyFlags.UserPresent)]
    [InlineData(0x05, SecurityKeyFlags.UserPresent | SecurityKeyFlags.UserVerified)]
    [InlineData(0x00, SecurityKeyFlags.None)]
    public void Verify_OfSkEd25519_TellsTheFlags(byte flagByte, SecurityKeyFlags expected)
    {
        var inner = SshPrivateKey.GenerateEd25519();
        var key = SshPublicKey.Parse(SkEd25519((Ed25519PublicKey)inner.PublicKey, "ssh:"));
        var signature = Sign(inner, "ssh:", flagByte);

        Assert.True(key.Verify(KeyTypes.SkEd25519, signature, Data, out var flags));
        Assert.Equal(expected, flags);
        Assert.False(key.Verify(KeyTypes.SkEd25519, Sign(inner, "ssh:other", flagByte), Data));
        signature[^5] ^= 1; // the flags are signed too
        Assert.False(key.Verify(KeyTypes.SkEd25519, signature, Data));
    }

    [Fact]
    public void Verify_OfSkEcdsa_TellsTheFlags()
    {
        using var inner = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = inner.ExportParameters(false).Q;
        var blob = new SshWriter();
        blob.WriteString(KeyTypes.SkEcdsaNistP256);
        blob.WriteString("nistp256");
        blob.WriteString([4, .. point.X!, .. point.Y!]);
        blob.WriteString("ssh:");
        var pair = inner.SignData(SecurityKeySignature.SignedData("ssh:", 1, 77, Data), HashAlgorithmName.SHA256);
        var integers = new SshWriter();
        integers.WriteMpint(pair.AsSpan(0, 32));
        integers.WriteMpint(pair.AsSpan(32));
        var signature = new SshWriter();
        signature.WriteString(KeyTypes.SkEcdsaNistP256);
        signature.WriteString(integers.WrittenSpan);
        signature.WriteByte(1);
        signature.WriteUInt32(77);

        Assert.True(SshPublicKey.Parse(blob.WrittenSpan).Verify(KeyTypes.SkEcdsaNistP256, signature.WrittenSpan, Data, out var flags));
        Assert.Equal(SecurityKeyFlags.UserPresent, flags);
    }

    private static byte[] SkEd25519(Ed25519PublicKey key, string application)
    {
        var blob = new SshWriter();
        blob.WriteString(KeyTypes.SkEd25519);
        blob.WriteString(key.Point);
        blob.WriteString(application);
        return blob.ToArray();
    }

    private static byte[] Sign(SshPrivateKey inner, string application, byte flags)
    {
        var reader = new SshReader(inner.Sign(KeyTypes.Ed25519, SecurityKeySignature.SignedData(application, flags, 77, Data)));
        reader.ReadString();
        var signature = new SshWriter();
        signature.WriteString(KeyTypes.SkEd25519);
        signature.WriteString(reader.ReadString());
        signature.WriteByte(flags);
        signature.WriteUInt32(77);
        return signature.ToArray();
    }
}
