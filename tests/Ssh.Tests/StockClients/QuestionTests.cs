using Workspaces.Ssh.Authentication;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Tests.Support;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Ssh.Tests.StockClients;

/// <summary>Questions after a key has been accepted, answered by OpenSSH's ssh with a program in the place of a person.</summary>
public sealed class QuestionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("question-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Question_ThatIsAnswered_LetsIn()
    {
        await using var server = new LoopbackServer(await AuthenticatorAsync());

        var run = await SshAsync(server, "1", "BatchMode=no");

        Assert.True(run.ExitCode == 7, run.Error);
        Assert.Equal("alice: x\n", run.Output);
    }

    [Fact]
    public async Task Question_ThatIsAnsweredWrongly_IsAskedAgainUpToTheLimit()
    {
        var authenticator = await AuthenticatorAsync();
        await using var server = new LoopbackServer(authenticator);

        var run = await SshAsync(server, "7", "BatchMode=no");

        Assert.Equal(255, run.ExitCode);
        Assert.Contains("Too many authentication failures", run.Error, StringComparison.Ordinal);
        Assert.Single(authenticator.Attempts);
        Assert.Empty(server.LoggedIn);
    }

    [Fact]
    public async Task Question_ToAClientThatCannotAnswer_EndsWithoutLogin()
    {
        await using var server = new LoopbackServer(await AuthenticatorAsync());

        var run = await SshAsync(server, "1", "BatchMode=yes");

        Assert.Equal(255, run.ExitCode);
        Assert.Contains("Permission denied (keyboard-interactive)", run.Error, StringComparison.Ordinal);
        Assert.Contains("There are 0 and 1.", run.Error, StringComparison.Ordinal);
        Assert.Empty(server.LoggedIn);
    }

    [Fact]
    public async Task KeyboardInteractive_BeforeAKeyWasAccepted_IsNotOffered()
    {
        await using var server = new LoopbackServer(new ListedKeys());
        await MakeKeyAsync();

        var run = await SshAsync(server, "1", "PreferredAuthentications=keyboard-interactive");

        Assert.Equal(255, run.ExitCode);
        Assert.Contains("Permission denied (publickey)", run.Error, StringComparison.Ordinal);
    }

    private async Task<ListedKeys> AuthenticatorAsync()
    {
        AuthenticationDecision Ask() => AuthenticationDecision.Ask(new AuthenticationQuestion(
            "Which?", "Replica: ", (answer, _) => ValueTask.FromResult(answer == "1" ? AuthenticationDecision.Accept : Ask())));

        return new ListedKeys(await MakeKeyAsync())
        {
            Decide = async (attempt, cancellation) =>
            {
                await attempt.SendBannerAsync("There are 0 and 1.", cancellation);
                return Ask();
            },
        };
    }

    private async Task<SshPublicKey> MakeKeyAsync()
    {
        var key = SshPrivateKey.GenerateEd25519();
        var file = Path.Combine(_folder, "id");
        await File.WriteAllTextAsync(file, key.ToOpenSshFormat());
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return key.PublicKey;
    }

    private async Task<ProgramRun> SshAsync(LoopbackServer server, string answer, string option)
    {
        var script = Path.Combine(_folder, "answer");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\necho {answer}\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return await ProgramRun.RunAsync(
            "/usr/bin/env",
            [
                $"SSH_ASKPASS={script}", "SSH_ASKPASS_REQUIRE=force", "DISPLAY=none", StockProgram.Find("ssh", "openssh-client"),
                "-F", "none", "-p", $"{server.Port}", "-i", Path.Combine(_folder, "id"), "-o", "IdentitiesOnly=yes", "-o", option,
                "-o", "NumberOfPasswordPrompts=20", "-o", "UserKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=no", "alice@127.0.0.1", "x",
            ]);
    }
}
