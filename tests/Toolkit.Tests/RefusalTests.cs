using Workspaces.Toolkit.Tests.Running;
using Xunit;

namespace Workspaces.Toolkit.Tests;

/// <summary>Who does not get in.</summary>
public sealed class RefusalTests(ToolkitBuild toolkit)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task Login_WithACertificateForAnotherWorkspace_IsRefused(int uid)
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit, uid: uid);
        await container.CertifiedKeyAsync("other", "ws-another1", "ca");

        await AssertRefusedAsync(container, "other", "dev");
    }

    [Fact]
    public async Task Login_WithACertificateOfAnotherAuthority_IsRefused()
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit);
        await container.CertifiedKeyAsync("other", $"ws-{WorkspaceContainer.Id}", "other_ca");

        await AssertRefusedAsync(container, "other", "dev");
    }

    [Fact]
    public async Task Login_WithAKeyOfTheUsersOwnFiles_IsRefused()
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit);
        (await container.SshWithInputAsync(File.ReadAllText(container.In("ca.pub")), "mkdir -p -m 700 .ssh && cat >.ssh/authorized_keys")).MustSucceed();

        await AssertRefusedAsync(container, "ca", "dev");
    }

    [Fact]
    public async Task Login_AsAnotherAccount_IsRefused()
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit, ContainerImage.Debian);

        await AssertRefusedAsync(container, "user", "root");
    }

    [Fact]
    public async Task Methods_ArePublicKeyOnly()
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit);

        var outcome = await StockProgram.RunAsync("ssh", [.. container.SshOptions("nothing"), "-o", "PreferredAuthentications=none", "-p", container.PortText, "dev@127.0.0.1", "true"]);

        Assert.Contains("Permission denied (publickey).", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Toolkit_CannotBeChangedByThePersonInside()
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit);

        var outcome = await container.SshAsync("for f in /.workspace /.workspace/* /.workspace/bin/*; do [ ! -w $f ] || echo $f; done; cat /.workspace/run/ssh_host_ed25519_key");

        Assert.Equal("", outcome.Output);
        Assert.NotEqual(0, outcome.ExitCode);
    }

    private static async Task AssertRefusedAsync(WorkspaceContainer container, string key, string account)
    {
        var outcome = await StockProgram.RunAsync("ssh", [.. container.SshOptions(key), "-p", container.PortText, $"{account}@127.0.0.1", "echo in"]);

        Assert.Equal(255, outcome.ExitCode);
        Assert.Contains("Permission denied (publickey)", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }
}
