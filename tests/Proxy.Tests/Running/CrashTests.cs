using Workspaces.Contracts;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Proxy.Tests.Running;

/// <summary>Ends of the Proxy itself, and starts that cannot work.</summary>
public sealed class CrashTests(Installation installation) : IClassFixture<Installation>
{
    [Fact]
    public async Task Kill_WithASessionOpen_ClosesItAtTheNextStart()
    {
        var folder = await NewFolderAsync();
        var before = installation.Bus.SoFar<SessionOpened>(_ => true).Select(opened => opened.SessionId).ToHashSet();
        Guid sessionId;
        await using (var proxy = await RunningProxy.Launch(folder, installation.Broker, installation.Requests.Url).ReadyAsync())
        {
            await using var session = await LiveSession.OpenAsync(proxy, installation.Key("alice"), "payments");
            var opened = await installation.Bus.SeenAsync<SessionOpened>(opened => !before.Contains(opened.SessionId));
            sessionId = Assert.Single(opened).SessionId;
            await proxy.KillAsync();
        }

        // The next Proxy knows the session from the spool alone.
        await using var next = await RunningProxy.Launch(folder, installation.Broker, installation.Requests.Url).ReadyAsync();
        var closed = Assert.Single(await installation.Bus.SeenAsync<SessionClosed>(closed => closed.SessionId == sessionId));

        Assert.Equal(SessionCloseReason.ProxyLost, closed.Reason);
        Assert.Contains("1 sessions were open", next.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_WithASessionOpen_TellsThePersonAndEndsCleanly()
    {
        var folder = await NewFolderAsync();
        await using var proxy = await RunningProxy.Launch(folder, installation.Broker, installation.Requests.Url).ReadyAsync();
        await using var session = await LiveSession.OpenAsync(proxy, installation.Key("alice"), "payments");

        var ended = proxy.TerminateAsync();

        Assert.Contains("The Proxy is shutting down", await session.EndAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await ended);
        await installation.Bus.SeenAsync<SessionClosed>(closed => closed.Reason == SessionCloseReason.ProxyShutdown);
        Assert.DoesNotContain("Unhandled exception", proxy.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Proxy__HostKeyFiles__0", "", "Proxy:HostKeyFiles")]
    [InlineData("Proxy__HostKeyFiles__0", "/nowhere/key", "does not exist")]
    [InlineData("Proxy__UserCaKeyFile", "", "Proxy:UserCaKeyFile is not set")]
    [InlineData("Proxy__UserCaKeyFile", "/etc/hostname", "everybody on this machine can read")]
    [InlineData("Proxy__SpoolFolder", "", "Proxy:SpoolFolder is not set")]
    [InlineData("Proxy__SpoolFolder", "/proc/spool", "Proxy:SpoolFolder")]
    [InlineData("Proxy__Ssh__Address", "nowhere", "not an IP address")]
    public async Task Start_WithAWrongSetting_SaysWhichAndWhatToDo(string setting, string value, string expected)
    {
        var folder = await NewFolderAsync();
        await using var proxy = RunningProxy.Launch(folder, installation.Broker, installation.Requests.Url, (setting, value));

        Assert.Equal(1, await proxy.ExitAsync());
        Assert.Contains(expected, proxy.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", proxy.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnAPortInUse_NamesIt()
    {
        var folder = await NewFolderAsync();
        var taken = installation.Proxy.SshPort;
        await using var proxy = RunningProxy.Launch(folder, installation.Broker, installation.Requests.Url, ("Proxy__Ssh__Port", $"{taken}"));

        Assert.Equal(1, await proxy.ExitAsync());
        Assert.Contains($"{taken}", proxy.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", proxy.Log, StringComparison.Ordinal);
    }

    private async Task<string> NewFolderAsync()
    {
        var folder = System.IO.Directory.CreateDirectory(Path.Combine(installation.Folder, Guid.NewGuid().ToString("N"))).FullName;
        File.Copy(Path.Combine(installation.Folder, "user_ca"), Path.Combine(folder, "user_ca"));
        await StockSshd.KeygenAsync("-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(folder, "host_key"));
        return folder;
    }
}
