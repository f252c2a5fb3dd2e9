using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Tests.Support;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Ssh.Tests.StockClients;

/// <summary>PuTTY's plink logs in to this library.</summary>
public sealed class PlinkTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("plink-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("ed25519")]
    [InlineData("rsa")]
    [InlineData("ecdsa")]
    public async Task Login_WithKeyMadeByPuttygen_RunsACommand(string type)
    {
        var openSsh = Path.Combine(_folder, "id");
        await StockSshd.KeygenAsync("-q", "-t", type, "-N", "", "-f", openSsh);
        var ppk = openSsh + ".ppk";
        var converted = await ProgramRun.RunAsync(StockProgram.Find("puttygen", "putty-tools"), [openSsh, "-O", "private", "-o", ppk]);
        Assert.True(converted.ExitCode == 0, converted.Error);
        await using var server = new LoopbackServer(new ListedKeys(SshPublicKey.ParseLine(await File.ReadAllTextAsync(openSsh + ".pub"))));

        var run = await ProgramRun.RunAsync(
            StockProgram.Find("plink", "putty-tools"),
            ["-batch", "-P", $"{server.Port}", "-i", ppk, "-hostkey", server.HostKey.PublicKey.Fingerprint, "alice~dev@127.0.0.1", "hello"]);

        Assert.Equal("alice~dev: hello\n", run.Output);
        Assert.Equal(7, run.ExitCode);
        Assert.Empty(server.Failures);
    }
}
