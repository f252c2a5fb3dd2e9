using Workspaces.Proxy.Tests.Relaying;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Proxy.Tests.Clients;

/// <summary>Programs that copy over SSH: curl, rsync and git through the relay.</summary>
public sealed class CopyingTests
{
    [Fact]
    public async Task Curl_BySftp_UploadsAndDownloads()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        var data = Payload.Of(2_000_000);
        var (local, back) = (Path.Combine(relay.Folder, "local"), Path.Combine(relay.Folder, "back"));
        await File.WriteAllBytesAsync(local, data);

        // The libssh2 of Debian 12 signs with RSA by SHA-1 only, which nobody should take any more; with Ed25519 it works.
        var key = await relay.AddKeyAsync("ed25519");
        string[] options =
        [
            "-sS", "--key", key, "--pubkey", key + ".pub", "-u", "dev:", "--hostpubsha256", relay.HostKeyFingerprint["SHA256:".Length..],
        ];
        var url = $"sftp://127.0.0.1:{relay.Port}{relay.Folder}/remote";
        var curl = StockProgram.Find("curl", "curl");
        var up = await ProgramRun.RunAsync(curl, [.. options, "-T", local, url], timeout: TimeSpan.FromSeconds(90));
        var down = await ProgramRun.RunAsync(curl, [.. options, "-o", back, url], timeout: TimeSpan.FromSeconds(90));

        Assert.True(up.ExitCode == 0 && down.ExitCode == 0, $"{up} {down}");
        Assert.Equal(data, await File.ReadAllBytesAsync(back));
    }

    [Fact]
    public async Task Rsync_OfAFolder_CopiesItAndThenOnlyWhatChanged()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        var configuration = await relay.WriteClientConfigurationAsync();
        var source = System.IO.Directory.CreateDirectory(Path.Combine(relay.Folder, "source")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(source, "big"), Payload.Of(3_000_000));
        await File.WriteAllTextAsync(Path.Combine(source, "small"), "one");
        string[] arguments = ["-a", "--stats", "-e", $"ssh -F {configuration}", source + "/", $"relay:{relay.Folder}/copy/"];
        var rsync = StockProgram.Find("rsync", "rsync");

        var first = await ProgramRun.RunAsync(rsync, arguments, timeout: TimeSpan.FromSeconds(90));
        await File.WriteAllTextAsync(Path.Combine(source, "small"), "three");
        var second = await ProgramRun.RunAsync(rsync, arguments, timeout: TimeSpan.FromSeconds(90));

        Assert.True(first.ExitCode == 0 && second.ExitCode == 0, $"{first} {second}");
        Assert.Contains("Number of regular files transferred: 1\n", second.Output, StringComparison.Ordinal);
        Assert.Equal("three", await File.ReadAllTextAsync(Path.Combine(relay.Folder, "copy", "small")));
        Assert.Equal(Payload.Of(3_000_000), await File.ReadAllBytesAsync(Path.Combine(relay.Folder, "copy", "big")));
    }

    [Fact]
    public async Task Git_OverSsh_PushesAndClones()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        var configuration = await relay.WriteClientConfigurationAsync();
        var script = $"""
            set -e
            cd {relay.Folder}
            export GIT_SSH_COMMAND="ssh -F {configuration}" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
            git init -q --bare remote.git
            git init -q -b main work && cd work
            head -c 3000000 {relay.Folder}/bytes > big && git add big
            git -c user.name=dev -c user.email=dev@example.com commit -q -m first
            git push -q relay:{relay.Folder}/remote.git main
            cd .. && git clone -q -b main relay:{relay.Folder}/remote.git clone
            cmp work/big clone/big && echo same
            """;
        await File.WriteAllBytesAsync(Path.Combine(relay.Folder, "bytes"), Payload.Of(3_000_000));
        StockProgram.Find("git", "git");

        var run = await ProgramRun.RunAsync(StockProgram.Find("bash", "bash"), ["-c", script], timeout: TimeSpan.FromSeconds(120));

        Assert.True((run.ExitCode, run.Output) == (0, "same\n"), run.ToString());
    }
}
