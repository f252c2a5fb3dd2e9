using Workspaces.Ssh.Authentication;
using Workspaces.Ssh.Certificates;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Tests.Support;
using Workspaces.Ssh.Transport;
using Workspaces.Ssh.Wire;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Ssh.Tests.StockClients;

/// <summary>This library as a client of a stock sshd.</summary>
public sealed class OpenSshServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(KeyTypes.Ed25519)]
    [InlineData(KeyTypes.EcdsaNistP256)]
    [InlineData(KeyTypes.EcdsaNistP521)]
    [InlineData(KeyTypes.Rsa)]
    public async Task Login_WithAPlainKey_Succeeds(string type)
    {
        SshPrivateKey key = type switch
        {
            KeyTypes.Ed25519 => SshPrivateKey.GenerateEd25519(),
            KeyTypes.Rsa => RsaPrivateKey.Generate(),
            _ => EcdsaPrivateKey.Generate(type),
        };
        await using var sshd = await StockSshd.StartAsync(folder => File.WriteAllText(Path.Combine(folder, "authorized_keys"), key.PublicKey + "\n"));

        Assert.Equal("hello", await RunEchoAsync(sshd, key, null));
    }

    [Theory]
    [InlineData("ed25519")]
    [InlineData("rsa")]
    public async Task Login_WithACertificate_SucceedsForItsPrincipalOnly(string authorityType)
    {
        SshPrivateKey authority = authorityType == "rsa" ? RsaPrivateKey.Generate() : SshPrivateKey.GenerateEd25519();
        await using var sshd = await StockSshd.StartAsync(folder => File.WriteAllText(Path.Combine(folder, "user_ca.pub"), authority.PublicKey + "\n"));
        var key = SshPrivateKey.GenerateEd25519();

        Assert.Equal("hello", await RunEchoAsync(sshd, key, Certificate(authority, key, Environment.UserName, TimeSpan.FromMinutes(5))));
        foreach (var refused in new[]
        {
            Certificate(authority, key, "somebody-else", TimeSpan.FromMinutes(5)),
            Certificate(authority, key, Environment.UserName, TimeSpan.FromMinutes(-1)),
            Certificate(SshPrivateKey.GenerateEd25519(), key, Environment.UserName, TimeSpan.FromMinutes(5)),
        })
        {
            var failure = await Assert.ThrowsAsync<SshAuthenticationException>(() => RunEchoAsync(sshd, key, refused));
            Assert.Contains("publickey", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Login_WithAnRsaKeyInACertificate_Succeeds()
    {
        var authority = SshPrivateKey.GenerateEd25519();
        await using var sshd = await StockSshd.StartAsync(folder => File.WriteAllText(Path.Combine(folder, "user_ca.pub"), authority.PublicKey + "\n"));
        var key = RsaPrivateKey.Generate();

        Assert.Equal("hello", await RunEchoAsync(sshd, key, Certificate(authority, key, Environment.UserName, TimeSpan.FromMinutes(5))));
    }

    [Fact]
    public async Task Login_WithAForcedCommand_RunsThatOne()
    {
        var authority = SshPrivateKey.GenerateEd25519();
        await using var sshd = await StockSshd.StartAsync(folder => File.WriteAllText(Path.Combine(folder, "user_ca.pub"), authority.PublicKey + "\n"));
        var key = SshPrivateKey.GenerateEd25519();
        var certificate = new SshCertificateBuilder
        {
            Key = key.PublicKey,
            KeyId = "test",
            Principals = [Environment.UserName],
            ValidAfter = DateTimeOffset.UtcNow.AddMinutes(-1),
            ValidBefore = DateTimeOffset.UtcNow.AddMinutes(1),
            CriticalOptions = new Dictionary<string, string> { [CertificateNames.ForceCommand] = "echo forced" },
        }.Sign(authority);

        Assert.Equal("forced", await RunEchoAsync(sshd, key, certificate));
    }

    [Theory]
    [InlineData("Ciphers aes128-gcm@openssh.com")]
    [InlineData("Ciphers aes256-gcm@openssh.com")]
    [InlineData("Ciphers chacha20-poly1305@openssh.com")]
    [InlineData("Ciphers aes256-ctr")]
    [InlineData("KexAlgorithms curve25519-sha256@libssh.org")]
    [InlineData("PubkeyAcceptedAlgorithms ssh-ed25519")]
    [InlineData("Banner /etc/hostname")]
    public async Task Login_ToAServerConfiguredSo_Succeeds(string configuration)
    {
        var key = SshPrivateKey.GenerateEd25519();
        await using var sshd = await StockSshd.StartAsync(
            folder => File.WriteAllText(Path.Combine(folder, "authorized_keys"), key.PublicKey + "\n"), configuration);

        Assert.Equal("hello", await RunEchoAsync(sshd, key, null));
    }

    [Fact]
    public async Task Connect_ToAServerWithAnotherHostKey_IsRefused()
    {
        await using var sshd = await StockSshd.StartAsync();
        await using var stream = await sshd.ConnectAsync();

        var failure = await Assert.ThrowsAsync<SshProtocolException>(async () => await SshConnection.ConnectAsync(
            DuplexPipe.Over(stream),
            new SshClientOptions { Identification = SshIdentification.Create("OpenSSH_9.2"), IsExpectedHostKey = SshPrivateKey.GenerateEd25519().PublicKey.Equals },
            Cancellation));

        Assert.Equal(DisconnectReason.HostKeyNotVerifiable, failure.Reason);
    }

    private static SshCertificate Certificate(SshPrivateKey authority, SshPrivateKey key, string principal, TimeSpan validity) => new SshCertificateBuilder
    {
        Key = key.PublicKey,
        KeyId = "test",
        Principals = [principal],
        ValidAfter = DateTimeOffset.UtcNow.AddMinutes(-10),
        ValidBefore = DateTimeOffset.UtcNow + validity,
    }.Sign(authority);

    /// <summary>Logs in, runs <c>echo hello</c>, and returns what it said.</summary>
    private static async Task<string> RunEchoAsync(StockSshd sshd, SshPrivateKey key, SshCertificate? certificate)
    {
        var hostKey = SshPublicKey.ParseLine(await File.ReadAllTextAsync(sshd.HostKeyFile + ".pub", Cancellation));
        await using var stream = await sshd.ConnectAsync();
        await using var connection = await SshConnection.ConnectAsync(
            DuplexPipe.Over(stream),
            new SshClientOptions { Identification = SshIdentification.Create("OpenSSH_9.2"), IsExpectedHostKey = hostKey.Equals },
            Cancellation);
        await ClientAuthentication.AuthenticateAsync(connection, Environment.UserName, key, certificate, null, Cancellation);
        return await OneExec.RunAsync(connection, "echo hello", Cancellation);
    }
}
