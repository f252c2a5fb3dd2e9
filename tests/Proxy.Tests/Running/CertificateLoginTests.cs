using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Directory;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Proxy.Tests.Running;

/// <summary>Logins with certificates of a configured authority, by stock ssh.</summary>
public sealed class CertificateLoginTests(Installation installation) : IClassFixture<Installation>
{
    private RunningProxy Proxy => installation.Proxy;

    [Fact]
    public async Task Login_WithACertificate_IsTheUserThatItsPrincipalNames()
    {
        var key = await installation.CertifyAsync("certified", "alice");

        var run = await Proxy.SshAsync(key, "payments", "echo in");

        Assert.True(run.Output == "in\n", run.Error);
    }

    [Theory]
    [InlineData("nobody-known", new string[0])]
    [InlineData("alice", new[] { "-O", "source-address=10.0.0.0/8" })]
    [InlineData("alice", new[] { "-O", "critical:only-on-tuesdays@example.com" })]
    [InlineData("alice", new[] { "-V", "-2h:-1h" })]
    public async Task Login_WithACertificateThatIsNotGood_IsDenied(string principals, string[] options)
    {
        var key = await installation.CertifyAsync(Guid.NewGuid().ToString("N"), principals, options);

        var run = await Proxy.SshAsync(key, "payments", "true");

        Assert.Equal(255, run.ExitCode);
        Assert.Contains("Permission denied (publickey)", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_WithAForcedCommand_RunsThatAndNothingElse()
    {
        var key = await installation.CertifyAsync("forced", "alice", "-O", "force-command=echo forced", "-O", "source-address=127.0.0.1");

        var run = await Proxy.SshAsync(key, "payments", "echo asked");

        Assert.True(run.Output == "forced\n", run.Error);
    }

    [Fact]
    public async Task Login_WithACertificateThatPermitsNoForwarding_ForwardsNothing()
    {
        var key = await installation.CertifyAsync("narrow", "alice", "-O", "clear", "-O", "permit-pty");

        var run = await ProgramRun.RunAsync(
            StockProgram.Find("ssh", "openssh-client"), ["-W", $"127.0.0.1:{Proxy.HttpPort}", .. Proxy.SshArguments(key, "payments")]);

        Assert.Contains("administratively prohibited", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_WithACertificateOfSeveralUsers_GoesWhereTheLoginNameSays()
    {
        var key = await installation.CertifyAsync("both", "alice,bob");

        var asAlice = await Proxy.SshAsync(key, "alice~ws=payments", "echo in");
        var asBob = await Proxy.SshAsync(key, "bob~ws=payments", "echo in");
        var asNobody = await Proxy.SshAsync(key, "payments", "echo in");

        Assert.True(asAlice.Output == "in\n", asAlice.Error);
        Assert.Contains("You have no workspace", asBob.Error, StringComparison.Ordinal);
        Assert.Contains("stands for several users", asNobody.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_WhoseCertificateIsRevoked_EndsAndIsNotLetInAgain()
    {
        var key = await installation.CertifyAsync("revoked-later", "alice", "-z", "77");
        await using var session = await LiveSession.OpenAsync(Proxy, key, "payments");

        var (specification, list) = (Path.Combine(installation.Folder, "spec"), Path.Combine(installation.Folder, "krl"));
        await File.WriteAllTextAsync(specification, "serial: 77\n");
        await StockSshd.KeygenAsync("-q", "-k", "-f", list, "-s", installation.Key("people_ca") + ".pub", specification);
        File.Move(list, installation.RevokedKeys, overwrite: true);

        Assert.Contains("no longer stands for you", await session.EndAsync(), StringComparison.Ordinal);
        Assert.Contains("Permission denied", (await Proxy.SshAsync(key, "payments", "true")).Error, StringComparison.Ordinal);
        var closed = await installation.Bus.SeenAsync<SessionClosed>(closed => closed.Reason == SessionCloseReason.Revoked);
        Assert.Single(closed);
    }

    [Fact]
    public async Task Policy_OfAUser_HoldsWhateverTheInstanceWouldAllow()
    {
        await StockSshd.KeygenAsync("-q", "-t", "ed25519", "-N", "", "-f", installation.Key("restricted"));
        installation.Requests.Users["restricted"] = new DirectoryUser("restricted", 1, [installation.PublicKey("restricted")]);
        await installation.Bus.PublishAsync(Facts.Keys("restricted", 1, installation.PublicKey("restricted")));
        await installation.PublishWorkspaceAsync("guarded", "restricted");
        var file = Path.Combine(installation.Folder, "ran");

        var exec = await Eventually.FindAsync(async () =>
        {
            var run = await Proxy.SshAsync(installation.Key("restricted"), "guarded", $"touch {file}");
            return run.Error.Contains("exec request failed", StringComparison.Ordinal) ? run : null;
        }, "the refusal");
        var forward = await ProgramRun.RunAsync(
            StockProgram.Find("ssh", "openssh-client"), ["-W", $"127.0.0.1:{Proxy.HttpPort}", .. Proxy.SshArguments(installation.Key("restricted"), "guarded")]);

        Assert.NotEqual(0, exec.ExitCode);
        Assert.False(File.Exists(file));
        Assert.Contains("administratively prohibited", forward.Error, StringComparison.Ordinal);
    }
}
