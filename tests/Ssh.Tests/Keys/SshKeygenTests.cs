using Workspaces.Ssh.Certificates;
using Workspaces.Ssh.Keys;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Ssh.Tests.Keys;

/// <summary>Keys and certificates go to and from ssh-keygen unchanged.</summary>
public sealed class SshKeygenTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("keygen-").FullName;

    public static TheoryData<string> KeyKinds => ["ed25519", "ecdsa-256", "ecdsa-384", "ecdsa-521", "rsa-2048", "rsa-4096"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(KeyKinds))]
    public async Task PrivateKeyFile_FromSshKeygen_IsReadAndSigns(string kind)
    {
        var file = await MakeAsync("key", kind);

        var key = SshPrivateKey.ReadFile(file);

        var publicKey = SshPublicKey.ParseLine(await File.ReadAllTextAsync(file + ".pub"));
        Assert.Equal(publicKey, key.PublicKey);
        Assert.Contains(publicKey.Fingerprint, await StockSshd.KeygenAsync("-lf", file), StringComparison.Ordinal);
        foreach (var algorithm in publicKey.SignatureAlgorithms)
        {
            var signature = key.Sign(algorithm, "data"u8);
            Assert.True(publicKey.Verify(algorithm, signature, "data"u8));
            Assert.False(publicKey.Verify(algorithm, signature, "date"u8));
        }
    }

    [Theory]
    [InlineData(KeyTypes.Ed25519)]
    [InlineData(KeyTypes.EcdsaNistP256)]
    [InlineData(KeyTypes.EcdsaNistP384)]
    [InlineData(KeyTypes.EcdsaNistP521)]
    [InlineData(KeyTypes.Rsa)]
    public async Task PrivateKeyFile_WrittenHere_IsReadBySshKeygen(string type)
    {
        SshPrivateKey key = type switch
        {
            KeyTypes.Ed25519 => SshPrivateKey.GenerateEd25519(),
            KeyTypes.Rsa => RsaPrivateKey.Generate(2048),
            _ => EcdsaPrivateKey.Generate(type),
        };
        var file = Path.Combine(_folder, "written");
        await File.WriteAllTextAsync(file, key.ToOpenSshFormat("a comment"));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal(key.PublicKey, SshPublicKey.ParseLine(await StockSshd.KeygenAsync("-y", "-f", file)));
        Assert.Equal(key.PublicKey, SshPrivateKey.ReadFile(file).PublicKey);
    }

    [Fact]
    public async Task PrivateKeyFile_WithAPassphrase_IsRefusedWithAdvice()
    {
        var file = Path.Combine(_folder, "locked");
        await StockSshd.KeygenAsync("-q", "-t", "ed25519", "-N", "secret", "-f", file);

        var failure = Assert.Throws<SshFormatException>(() => SshPrivateKey.ReadFile(file));

        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
        Assert.Contains("ssh-keygen -p", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PrivateKey_WhoseFirstLineIsItsLast_IsRefused() =>
        Assert.Throws<SshFormatException>(() => SshPrivateKey.Parse("-----BEGIN OPENSSH PRIVATE KEY-----END OPENSSH PRIVATE KEY-----\n"));

    [Theory]
    [MemberData(nameof(KeyKinds))]
    public async Task Certificate_FromSshKeygen_IsRead(string kind)
    {
        var authority = await MakeAsync("authority", "ed25519");
        var file = await MakeAsync("user", kind);
        await StockSshd.KeygenAsync(
            "-q", "-s", authority, "-I", "alice laptop", "-n", "alice,ws-k7f3q2m", "-z", "42", "-V", "20260101120000Z:20270101120000Z",
            "-O", "source-address=127.0.0.1/32", "-O", "force-command=uptime", "-O", "no-x11-forwarding", file + ".pub");

        var line = await File.ReadAllTextAsync(file + "-cert.pub");
        var certificate = SshCertificate.Parse(Convert.FromBase64String(line.Split(' ')[1]));

        Assert.Equal(line.Split(' ')[0], certificate.TypeName);
        Assert.Equal(SshPublicKey.ParseLine(await File.ReadAllTextAsync(file + ".pub")), certificate.Key);
        Assert.Equal(SshPrivateKey.ReadFile(authority).PublicKey, certificate.SignatureKey);
        Assert.Equal(("alice laptop", 42ul, CertificateType.User), (certificate.KeyId, certificate.Serial, certificate.Type));
        Assert.Equal(["alice", "ws-k7f3q2m"], certificate.Principals);
        Assert.Equal("uptime", certificate.CriticalOptions[CertificateNames.ForceCommand]);
        Assert.Equal("127.0.0.1/32", certificate.CriticalOptions[CertificateNames.SourceAddress]);
        Assert.Contains(CertificateNames.PermitPty, certificate.Extensions.Keys);
        Assert.DoesNotContain(CertificateNames.PermitX11Forwarding, certificate.Extensions.Keys);
        Assert.True(certificate.IsValidAt(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.False(certificate.IsValidAt(new DateTimeOffset(2025, 12, 31, 0, 0, 0, TimeSpan.Zero)));
        Assert.False(certificate.IsValidAt(new DateTimeOffset(2027, 1, 1, 12, 0, 0, TimeSpan.Zero)));
    }

    [Theory]
    [MemberData(nameof(KeyKinds))]
    public async Task Certificate_SignedHere_IsShownBySshKeygen(string kind)
    {
        var user = SshPrivateKey.ReadFile(await MakeAsync("user", kind));
        var authority = SshPrivateKey.ReadFile(await MakeAsync("authority", "rsa-3072"));
        var certificate = new SshCertificateBuilder
        {
            Key = user.PublicKey,
            KeyId = "alice session 7",
            Principals = ["ws-k7f3q2m"],
            Serial = 9,
            ValidAfter = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            ValidBefore = new DateTimeOffset(2026, 1, 1, 0, 5, 0, TimeSpan.Zero),
            CriticalOptions = new Dictionary<string, string> { [CertificateNames.ForceCommand] = "date", [CertificateNames.SourceAddress] = "10.0.0.0/8" },
            Extensions = new Dictionary<string, string> { [CertificateNames.PermitPty] = "", [CertificateNames.PermitPortForwarding] = "" },
        }.Sign(authority);
        var file = Path.Combine(_folder, "signed-cert.pub");
        await File.WriteAllTextAsync(file, certificate + "\n");

        var shown = await StockSshd.KeygenAsync("-Lf", file);

        foreach (var expected in new[]
        {
            "user certificate", user.PublicKey.Fingerprint, authority.PublicKey.Fingerprint, "rsa-sha2-512", "\"alice session 7\"", "Serial: 9",
            "ws-k7f3q2m", "force-command date", "source-address 10.0.0.0/8", "permit-port-forwarding", "permit-pty",
        })
        {
            Assert.Contains(expected, shown, StringComparison.Ordinal);
        }
    }

    private async Task<string> MakeAsync(string name, string kind)
    {
        var file = Path.Combine(_folder, name);
        var parts = kind.Split('-');
        string[] bits = parts.Length > 1 ? ["-b", parts[1]] : [];
        await StockSshd.KeygenAsync(["-q", "-t", parts[0], .. bits, "-N", "", "-C", "a comment", "-f", file]);
        return file;
    }
}
