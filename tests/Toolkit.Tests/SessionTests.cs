using Workspaces.Toolkit.Tests.Running;
using Xunit;

namespace Workspaces.Toolkit.Tests;

/// <summary>What a session finds: environment, account, home, greeting.</summary>
public sealed class SessionTests(ToolkitBuild toolkit)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task Environment_HasTheBlueprintsVariablesAsTheyAre(int uid)
    {
        const string odd = """ a "quoted" \back 'single' #hash $dollar * """;
        await using var container = await WorkspaceContainer.StartAsync(toolkit, uid: uid, environment: new()
        {
            ["WORKSPACE_SESSION_ENV"] = "ODD EMPTY lines",
            ["ODD"] = odd,
            ["EMPTY"] = "",
            ["NOT_NAMED"] = "stays in the container",
            ["lines"] = "one\ntwo",
        });

        var outcome = await container.SshAsync("printf '%s|' \"$ODD\" \"$WORKSPACE_ID\" \"$WORKSPACE_OWNER\" \"${NOT_NAMED-}\"");

        Assert.Equal($"{odd}|{WorkspaceContainer.Id}|dev||", outcome.MustSucceed().Output);
        Assert.Contains("lines has more than one line", container.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signals_AreNeitherIgnoredNorBlocked()
    {
        // In this image, because busybox's own shell ignores SIGQUIT in the command that it ends with.
        await using var container = await WorkspaceContainer.StartAsync(toolkit, ContainerImage.Debian);

        var outcome = await container.SshAsync("grep -E 'Sig(Ign|Blk)' /proc/self/status");

        Assert.Equal(["0000000000000000", "0000000000000000"], outcome.MustSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')[1]));
    }

    [Fact]
    public async Task Account_OfAWritableImage_HasNameHomeAndShell()
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit, ContainerImage.Debian);

        var outcome = await container.SshAsync("whoami; pwd; echo $SHELL; stat -c %u:%g .; ls -A | grep bashrc");

        Assert.Equal("dev\n/home/dev\n/bin/bash\n1000:1000\n.bashrc\n", outcome.MustSucceed().Output);
    }

    [Fact]
    public async Task Shell_ThatTheImageLacks_IsReplacedAndSaid()
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit, environment: new() { ["WORKSPACE_SHELL"] = "/usr/bin/zsh" });

        var outcome = await container.SshAsync("echo $SHELL");

        Assert.Equal("/.workspace/applets/sh\n", outcome.MustSucceed().Output);
        Assert.Contains("no /usr/bin/zsh", container.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Home_ThatCannotBeMade_IsReplacedAndSaid()
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit, uid: 1000, readOnly: true);

        var outcome = await container.SshAsync("touch here && pwd");

        Assert.Equal("/.workspace/run/home\n", outcome.MustSucceed().Output);
        Assert.Contains("cannot make /home/dev", container.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1000, true)]
    public async Task Banner_GreetsInteractiveSessions(int uid, bool readOnly)
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit, uid: uid, readOnly: readOnly);

        var outcome = await container.SshWithInputAsync("exit\n", "", "-tt");

        Assert.Contains("Welcome to the workspace.", outcome.Output + outcome.Error, StringComparison.Ordinal);
    }
}
