using Workspaces.Ssh.Authentication;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Tests.Support;
using Workspaces.Ssh.Transport;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Ssh.Tests.StockClients;

/// <summary>OpenSSH's ssh logs in to this library.</summary>
public sealed class OpenSshClientTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ssh-client-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("ed25519", "")]
    [InlineData("ecdsa", "256")]
    [InlineData("ecdsa", "384")]
    [InlineData("ecdsa", "521")]
    [InlineData("rsa", "3072")]
    public async Task Login_WithKeyMadeBySshKeygen_RunsACommand(string type, string bits)
    {
        var key = await MakeKeyAsync(type, bits);
        var keys = new ListedKeys(key);
        await using var server = new LoopbackServer(keys);

        var run = await SshAsync(server, "alice~dev", [], "hello world");

        Assert.Equal("alice~dev: hello world\n", run.Output);
        Assert.Equal(7, run.ExitCode);
        Assert.Equal(key, Assert.Single(keys.Attempts).Key.Key);
        Assert.Empty(server.Failures);
    }

    [Fact]
    public async Task Login_WithAnUnknownKey_IsRefused()
    {
        await MakeKeyAsync("ed25519", "");
        await using var server = new LoopbackServer(new ListedKeys());

        var run = await SshAsync(server, "alice", [], "true");

        Assert.Equal(255, run.ExitCode);
        Assert.Contains("Permission denied (publickey)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_WhileADecisionTakesTime_ShowsBannersAndThenRuns()
    {
        var key = await MakeKeyAsync("ed25519", "");
        await using var server = new LoopbackServer(new ListedKeys(key)
        {
            Decide = async (attempt, cancellation) =>
            {
                await attempt.SendBannerAsync("starting\u001b[31m...", cancellation);
                await attempt.SendKeepAliveAsync(cancellation);
                await attempt.SendBannerAsync("ready", cancellation);
                return AuthenticationDecision.Accept;
            },
        });

        var run = await SshAsync(server, "alice", [], "x");

        Assert.Equal(7, run.ExitCode);
        Assert.Contains("starting?[31m...", run.Error, StringComparison.Ordinal);
        Assert.Contains("ready", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_RefusedWithASentence_ShowsTheSentence()
    {
        var key = await MakeKeyAsync("ed25519", "");
        await using var server = new LoopbackServer(new ListedKeys(key)
        {
            Decide = (_, _) => ValueTask.FromResult(AuthenticationDecision.Disconnect("No workspace of this name.")),
        });

        var run = await SshAsync(server, "alice", [], "x");

        Assert.Equal(255, run.ExitCode);
        Assert.Contains("No workspace of this name.", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("KexAlgorithms=curve25519-sha256", "curve25519-sha256")]
    [InlineData("KexAlgorithms=curve25519-sha256@libssh.org", "curve25519-sha256@libssh.org")]
    [InlineData("KexAlgorithms=ecdh-sha2-nistp256", "ecdh-sha2-nistp256")]
    [InlineData("KexAlgorithms=ecdh-sha2-nistp384", "ecdh-sha2-nistp384")]
    [InlineData("KexAlgorithms=ecdh-sha2-nistp521", "ecdh-sha2-nistp521")]
    [InlineData("KexAlgorithms=diffie-hellman-group16-sha512", "diffie-hellman-group16-sha512")]
    [InlineData("KexAlgorithms=diffie-hellman-group14-sha256", "diffie-hellman-group14-sha256")]
    public async Task KeyExchange_AsTheClientAsks_IsUsed(string option, string expected)
    {
        var key = await MakeKeyAsync("ed25519", "");
        await using var server = new LoopbackServer(new ListedKeys(key), hostKey => new SshServerOptions
        {
            Identification = SshIdentification.Create("OpenSSH_9.2", "Workspaces"),
            HostKeys = [hostKey],
            KeyExchanges = SshAlgorithms.AllKeyExchanges,
        });

        var run = await SshAsync(server, "alice", ["-o", option], "x");

        Assert.Equal(7, run.ExitCode);
        Assert.Equal(expected, Assert.Single(server.LoggedIn).Algorithms.KeyExchange);
    }

    [Theory]
    [InlineData("aes128-gcm@openssh.com", null)]
    [InlineData("aes256-gcm@openssh.com", null)]
    [InlineData("chacha20-poly1305@openssh.com", null)]
    [InlineData("aes256-ctr", "hmac-sha2-256-etm@openssh.com")]
    [InlineData("aes256-ctr", "hmac-sha2-512-etm@openssh.com")]
    [InlineData("aes256-ctr", "hmac-sha2-256")]
    [InlineData("aes256-ctr", "hmac-sha2-512")]
    public async Task Cipher_AsTheClientAsks_IsUsedBothWays(string cipher, string? mac)
    {
        var key = await MakeKeyAsync("ed25519", "");
        await using var server = new LoopbackServer(new ListedKeys(key));
        string[] options = ["-c", cipher, .. mac is null ? Array.Empty<string>() : ["-m", mac]];

        var sent = await SshAsync(server, "alice", options, "send 1000000");
        var received = await SshAsync(server, "alice", options, "receive 1000000", new byte[1_000_000]);

        Assert.Equal((7, 1_000_000), (sent.ExitCode, sent.OutputBytes.Length));
        Assert.Equal((7, "1000000 bytes\n"), (received.ExitCode, received.Output));
        Assert.All(server.LoggedIn, connection => Assert.Equal(
            (cipher, cipher, mac, mac),
            (connection.Algorithms.CipherToServer, connection.Algorithms.CipherToClient, connection.Algorithms.MacToServer, connection.Algorithms.MacToClient)));
    }

    [Fact]
    public async Task Cipher_WhereTheClientOffersAesGcmLate_IsAesGcmAllTheSame()
    {
        var key = await MakeKeyAsync("ed25519", "");
        await using var server = new LoopbackServer(new ListedKeys(key));

        var run = await SshAsync(server, "alice", ["-c", "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com"], "x");

        Assert.Equal(7, run.ExitCode);
        Assert.Equal("aes256-gcm@openssh.com", Assert.Single(server.LoggedIn).Algorithms.CipherToClient);
    }

    [Theory]
    [InlineData("-c", "aes128-cbc")]
    [InlineData("-o", "KexAlgorithms=diffie-hellman-group1-sha1")]
    [InlineData("-o", "KexAlgorithms=diffie-hellman-group14-sha256")]
    [InlineData("-o", "KexAlgorithms=ecdh-sha2-nistp256")]
    [InlineData("-o", "HostKeyAlgorithms=rsa-sha2-512")]
    public async Task Negotiation_WithNothingInCommon_SaysWhatEachOffers(string option, string value)
    {
        var key = await MakeKeyAsync("ed25519", "");
        await using var server = new LoopbackServer(new ListedKeys(key));

        var run = await SshAsync(server, "alice", [option, value], "x");

        Assert.Equal(255, run.ExitCode);
        Assert.Contains("no match", run.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("send 20000000", "")]
    [InlineData("receive 20000000", "20000000 bytes\n")]
    public async Task Traffic_WhileTheClientRekeysEveryMegabyte_Arrives(string command, string answer)
    {
        var key = await MakeKeyAsync("ed25519", "");
        await using var server = new LoopbackServer(new ListedKeys(key));
        var sends = command.StartsWith("send", StringComparison.Ordinal);

        var run = await SshAsync(server, "alice", ["-o", "RekeyLimit=1M"], command, sends ? [] : new byte[20_000_000]);

        Assert.True(run.ExitCode == 7, run.Error);
        Assert.Equal(sends ? 20_000_000 : answer.Length, run.OutputBytes.Length);
        Assert.True(Assert.Single(server.LoggedIn).KeyExchanges > 10);
    }

    [Theory]
    [InlineData("send 20000000")]
    [InlineData("receive 20000000")]
    public async Task Traffic_WhileTheServerRekeysEveryMegabyte_Arrives(string command)
    {
        var key = await MakeKeyAsync("ed25519", "");
        await using var server = new LoopbackServer(new ListedKeys(key), hostKey => new SshServerOptions
        {
            Identification = SshIdentification.Create("OpenSSH_9.2", "Workspaces"),
            HostKeys = [hostKey],
            RekeyLimits = new RekeyLimits { Bytes = 1_000_000 },
        });
        var sends = command.StartsWith("send", StringComparison.Ordinal);

        var run = await SshAsync(server, "alice", [], command, sends ? [] : new byte[20_000_000]);

        Assert.True(run.ExitCode == 7, run.Error);
        Assert.Equal(sends ? 20_000_000 : "20000000 bytes\n".Length, run.OutputBytes.Length);
        Assert.True(Assert.Single(server.LoggedIn).KeyExchanges > 10);
    }

    private async Task<SshPublicKey> MakeKeyAsync(string type, string bits)
    {
        var file = Path.Combine(_folder, "id");
        string[] length = bits.Length > 0 ? ["-b", bits] : [];
        await StockSshd.KeygenAsync(["-q", "-t", type, .. length, "-N", "", "-f", file]);
        return SshPublicKey.ParseLine(await File.ReadAllTextAsync(file + ".pub"));
    }

    private async Task<ProgramRun> SshAsync(LoopbackServer server, string user, string[] options, string command, byte[]? input = null)
    {
        var knownHosts = Path.Combine(_folder, "known_hosts");
        await File.WriteAllTextAsync(knownHosts, $"[127.0.0.1]:{server.Port} {server.HostKey.PublicKey}\n");
        return await ProgramRun.RunAsync(
            StockProgram.Find("ssh", "openssh-client"),
            [
                "-F", "none", "-p", $"{server.Port}", "-i", Path.Combine(_folder, "id"), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes",
                "-o", $"UserKnownHostsFile={knownHosts}", "-o", "StrictHostKeyChecking=yes", .. options, $"{user}@127.0.0.1", command,
            ],
            input);
    }
}
