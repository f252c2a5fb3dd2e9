using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Directory;
using Workspaces.Support.Ssh;
using Xunit;

// Processes, on machines with few processors.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Workspaces.Proxy.Tests.Running;

/// <summary>
/// A Proxy process between a real broker, a stand-in for Requests, and stock sshd for the instances; users alice and bob with keys;
/// a workspace <c>payments</c> of alice that is up.
/// </summary>
public class Installation : IAsyncLifetime
{
    private readonly RabbitMqFixture _broker = new();
    private readonly List<StockSshd> _instances = [];
    private TestBus? _bus;
    private FakeRequests? _requests;
    private RunningProxy? _proxy;
    private int _number;

    /// <summary>Settings of the Proxy besides those that every test can live with.</summary>
    private protected virtual IEnumerable<(string Name, string Value)> Settings => [];

    internal string Folder { get; } = System.IO.Directory.CreateTempSubdirectory("workspaces-proxy-").FullName;

    internal Uri Broker => _broker.ConnectionString;

    internal TestBus Bus => _bus!;

    internal FakeRequests Requests => _requests!;

    internal RunningProxy Proxy => _proxy!;

    internal string RevokedKeys => Path.Combine(Folder, "revoked");

    internal string Key(string user) => Path.Combine(Folder, user);

    public async ValueTask InitializeAsync()
    {
        await _broker.InitializeAsync();
        _requests = await FakeRequests.StartAsync();
        _bus = await TestBus.ConnectAsync(Broker);
        await RunningProxy.MakeKeysAsync(Folder);
        foreach (var user in new[] { "alice", "bob", "mallory" })
        {
            await StockSshd.KeygenAsync("-q", "-t", "ed25519", "-N", "", "-f", Key(user));
        }

        _requests.Users["alice"] = new DirectoryUser("alice", 1, [PublicKey("alice")]);
        _requests.Users["bob"] = new DirectoryUser("bob", 1, [PublicKey("bob")]);
        await AddWorkspaceAsync("w1", "payments", "alice");
        await StockSshd.KeygenAsync("-q", "-t", "ed25519", "-N", "", "-f", Key("people_ca"));
        await File.WriteAllTextAsync(RevokedKeys, "# nothing yet\n");
        _proxy = await RunningProxy.Launch(Folder, Broker, _requests.Url, [
            ("Proxy__UserAuthorities__0__KeyFile", Key("people_ca") + ".pub"),
            ("Proxy__UserAuthorities__0__PrincipalsAreUsers", "true"),
            ("Proxy__RevokedKeysFile", RevokedKeys),
            ("Proxy__Ssh__LoadBalancers__0", BalancedConnection.Balancer.ToString()),
            ("Proxy__Policies__0__Users__0", "restricted"),
            ("Proxy__Policies__0__Deny__0", "Exec"),
            ("Proxy__Policies__0__Deny__1", "Shell"),
            ("Proxy__Policies__0__Deny__2", "LocalForward"),
            .. Settings]).ReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        foreach (var instance in _instances)
        {
            await instance.DisposeAsync();
        }

        if (_bus is not null)
        {
            await _bus.DisposeAsync();
        }

        if (_requests is not null)
        {
            await _requests.DisposeAsync();
        }

        await _broker.DisposeAsync();
        System.IO.Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    internal string PublicKey(string user) => string.Join(' ', File.ReadAllText(Key(user) + ".pub").Split(' ').Take(2));

    /// <summary>Makes a key with a certificate by the authority that the Proxy takes users' certificates of; returns the key file.</summary>
    internal async Task<string> CertifyAsync(string name, string principals, params string[] options)
    {
        await StockSshd.KeygenAsync("-q", "-t", "ed25519", "-N", "", "-f", Key(name));
        await StockSshd.KeygenAsync(["-q", "-s", Key("people_ca"), "-I", name, "-n", principals, "-V", "-1h:+1h", .. options, Key(name) + ".pub"]);
        return Key(name);
    }

    /// <summary>Puts a workspace with one instance into the directory, before a Proxy reads it.</summary>
    internal async Task<(InstanceUp Up, StockSshd Sshd)> AddWorkspaceAsync(string id, string name, string owner)
    {
        var (up, sshd) = await StartInstanceAsync(id);
        Requests.Workspaces[id] = Facts.Known(id, name, owner, 1, WorkspaceState.Ready);
        Requests.Instances[up.InstanceId] = up;
        return (up, sshd);
    }

    /// <summary>Adds a workspace with one instance while the Proxy runs, as events.</summary>
    internal async Task<(InstanceUp Up, StockSshd Sshd)> PublishWorkspaceAsync(string name, string owner)
    {
        var id = NewId();
        var (up, sshd) = await StartInstanceAsync(id);
        Requests.Workspaces[id] = Facts.Known(id, name, owner, 1, WorkspaceState.Ready);
        Requests.Instances[up.InstanceId] = up;
        await Bus.PublishAsync(Facts.Requested(id, name, owner));
        await Bus.PublishAsync(up);
        return (up, sshd);
    }

    /// <summary>Starts a stock sshd as an instance of a workspace, which trusts the Proxy for this workspace and no other.</summary>
    internal async Task<(InstanceUp Up, StockSshd Sshd)> StartInstanceAsync(string workspaceId, string? pod = null)
    {
        var principals = Path.Combine(Folder, $"principals-{workspaceId}");
        await File.WriteAllTextAsync(principals, $"ws-{workspaceId}\n");
        var sshd = await StockSshd.StartAsync(
            folder => File.Copy(Path.Combine(Folder, "user_ca.pub"), Path.Combine(folder, "user_ca.pub"), overwrite: true),
            $"AuthorizedPrincipalsFile {principals}");
        _instances.Add(sshd);
        var number = Interlocked.Increment(ref _number);
        var hostKey = string.Join(' ', File.ReadAllText(sshd.HostKeyFile + ".pub").Split(' ').Take(2));
        var up = Facts.Up(workspaceId, Guid.NewGuid(), pod ?? $"ws-{workspaceId}-{number}") with
        {
            SshPort = sshd.Port,
            HostKey = hostKey,
            LoginUser = Environment.UserName,
        };
        return (up, sshd);
    }

    /// <summary>Closes every connection to the broker, as its restart would, and the test's own comes back.</summary>
    internal async Task CutBrokerAsync()
    {
        await _broker.CloseConnectionsAsync();
        await Bus.DisposeAsync();
        _bus = await TestBus.ConnectAsync(Broker);
    }

    internal string NewId() => $"w{Interlocked.Increment(ref _number) + 100}";
}
