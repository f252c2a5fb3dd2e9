using Workspaces.Ssh.Certificates;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Tests.Support;
using Workspaces.Ssh.Transport;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Ssh.Tests.StockClients;

/// <summary>How OpenSSH's ssh checks that this library is the server that it knows: by keys of several types, and by certificates of them.</summary>
public sealed class HostIdentityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("host-identity-").FullName;

    public static TheoryData<string> HostKeyAlgorithms =>
        ["ssh-ed25519", "rsa-sha2-512", "rsa-sha2-256", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(HostKeyAlgorithms))]
    public async Task HostKey_OfEachType_IsVerified(string algorithm)
    {
        var hostKey = Generate(algorithm);
        var (run, connection) = await LoginAsync(hostKey, [], $"[127.0.0.1]:PORT {hostKey.PublicKey}", "-o", $"HostKeyAlgorithms={algorithm}");

        Assert.True(run.ExitCode == 7, run.Error);
        Assert.Equal(algorithm, connection!.Algorithms.HostKey);
    }

    [Theory]
    [MemberData(nameof(HostKeyAlgorithms))]
    public async Task HostCertificate_OfAKnownAuthority_IsEnough(string algorithm)
    {
        var (hostKey, authority) = (Generate(algorithm), SshPrivateKey.GenerateEd25519());
        var certificate = Certify(hostKey, authority, "127.0.0.1");

        var (run, connection) = await LoginAsync(
            hostKey, [certificate], $"@cert-authority * {authority.PublicKey}", "-o", $"HostKeyAlgorithms={algorithm}-cert-v01@openssh.com");

        Assert.True(run.ExitCode == 7, run.Error);
        Assert.Equal(algorithm + CertificateNames.TypeSuffix, connection!.Algorithms.HostKey);
        Assert.Equal(certificate.Blob.ToArray(), connection.PresentedHostKey.ToArray());
    }

    [Fact]
    public async Task HostCertificate_OfAnUnknownAuthority_IsNotEnough()
    {
        var hostKey = SshPrivateKey.GenerateEd25519();
        var certificate = Certify(hostKey, SshPrivateKey.GenerateEd25519(), "127.0.0.1");

        var (run, _) = await LoginAsync(hostKey, [certificate], $"@cert-authority * {SshPrivateKey.GenerateEd25519().PublicKey}");

        Assert.Equal(255, run.ExitCode);
        Assert.Contains("Host key verification failed", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void HostCertificate_OfAKeyThatTheServerDoesNotHave_IsRefusedAtOnce()
    {
        var certificate = Certify(SshPrivateKey.GenerateEd25519(), SshPrivateKey.GenerateEd25519(), "127.0.0.1");

        Assert.Throws<ArgumentException>(() => HostIdentity.Of([SshPrivateKey.GenerateEd25519()], [certificate]));
    }

    private static SshPrivateKey Generate(string algorithm) => algorithm switch
    {
        KeyTypes.Ed25519 => SshPrivateKey.GenerateEd25519(),
        KeyTypes.RsaSha512 or KeyTypes.RsaSha256 => RsaPrivateKey.Generate(2048),
        _ => EcdsaPrivateKey.Generate(algorithm),
    };

    private static SshCertificate Certify(SshPrivateKey hostKey, SshPrivateKey authority, string name) => new SshCertificateBuilder
    {
        Key = hostKey.PublicKey,
        Type = CertificateType.Host,
        KeyId = "proxy",
        Principals = [name],
        ValidAfter = DateTimeOffset.UtcNow.AddHours(-1),
        ValidBefore = DateTimeOffset.UtcNow.AddHours(1),
    }.Sign(authority);

    private async Task<(ProgramRun Run, SshConnection? Connection)> LoginAsync(
        SshPrivateKey hostKey, SshCertificate[] certificates, string known, params string[] options)
    {
        var key = SshPrivateKey.GenerateEd25519();
        var file = Path.Combine(_folder, "id");
        await File.WriteAllTextAsync(file, key.ToOpenSshFormat());
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using var server = new LoopbackServer(new ListedKeys(key.PublicKey), _ => new SshServerOptions
        {
            Identification = SshIdentification.Create("OpenSSH_9.2", "Workspaces"),
            HostKeys = [hostKey],
            HostCertificates = certificates,
        });
        await File.WriteAllTextAsync(Path.Combine(_folder, "known"), known.Replace("PORT", $"{server.Port}", StringComparison.Ordinal) + "\n");
        var run = await ProgramRun.RunAsync(
            StockProgram.Find("ssh", "openssh-client"),
            [
                "-F", "none", "-p", $"{server.Port}", "-i", file, "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes",
                "-o", $"UserKnownHostsFile={Path.Combine(_folder, "known")}", "-o", "StrictHostKeyChecking=yes", .. options, "alice@127.0.0.1", "x",
            ]);
        return (run, server.LoggedIn.FirstOrDefault());
    }
}
