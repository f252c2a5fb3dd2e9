using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Workspaces.Contracts;
using Workspaces.Proxy.Relaying;
using Workspaces.Ssh.Authentication;
using Workspaces.Ssh.Certificates;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Transport;
using Workspaces.Support.Ssh;

namespace Workspaces.Proxy.Tests.Relaying;

/// <summary>
/// The way in without the rest of the Proxy: stock clients connect to a loopback port, log in with one key, and are relayed to a stock
/// sshd, where the relay logs in with a certificate that it signs.
/// </summary>
internal sealed class LoopbackRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SshPrivateKey _authority;
    private readonly SshPrivateKey _hostKey = SshPrivateKey.GenerateEd25519();
    private readonly ConcurrentDictionary<string, string> _userKeys = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;

    private LoopbackRelay(StockSshd sshd, SshPrivateKey authority, string folder, SshPublicKey userKey)
    {
        Sshd = sshd;
        Folder = folder;
        _authority = authority;
        _userKeys[userKey.Fingerprint] = "id";
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public StockSshd Sshd { get; }

    public string Folder { get; }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public RelayOptions Options { get; set; } = new();

    public RekeyLimits RekeyLimits { get; set; } = new();

    public ConcurrentQueue<RelayEnd> Ends { get; } = new();

    public ConcurrentQueue<Exception> Failures { get; } = new();

    public ConcurrentQueue<(ChannelKind Kind, string? Detail)> Observed { get; } = new();

    public ConcurrentQueue<(SshConnection Client, SshConnection Instance)> Legs { get; } = new();

    public ConcurrentQueue<SshRelay> Running { get; } = new();

    public static async Task<LoopbackRelay> StartAsync(params string[] sshdConfiguration)
    {
        var authority = SshPrivateKey.GenerateEd25519();
        var sshd = await StockSshd.StartAsync(
            folder => File.WriteAllText(Path.Combine(folder, "user_ca.pub"), authority.PublicKey + "\n"), sshdConfiguration);
        var folder = System.IO.Directory.CreateTempSubdirectory("relay-").FullName;
        var userKey = SshPrivateKey.GenerateEd25519();
        var keyFile = Path.Combine(folder, "id");
        await File.WriteAllTextAsync(keyFile, userKey.ToOpenSshFormat());
        File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return new LoopbackRelay(sshd, authority, folder, userKey.PublicKey);
    }

    /// <summary>Fingerprint of the host key.</summary>
    public string HostKeyFingerprint => _hostKey.PublicKey.Fingerprint;

    /// <summary>Makes another key that logs in, with ssh-keygen; returns its file.</summary>
    public async Task<string> AddKeyAsync(string type, params string[] options)
    {
        var file = Path.Combine(Folder, $"id_{type}_{_userKeys.Count}");
        await StockSshd.KeygenAsync(["-q", "-t", type, "-N", "", "-f", file, .. options]);
        _userKeys[SshPublicKey.ParseLine(await File.ReadAllTextAsync(file + ".pub")).Fingerprint] = file;
        return file;
    }

    /// <summary>Runs a stock program of the ssh family against the relay; the host is called <c>relay</c>.</summary>
    public async Task<ProgramRun> RunAsync(string program, string package, IEnumerable<string> arguments, byte[]? input = null, TimeSpan? timeout = null)
    {
        var configuration = await WriteClientConfigurationAsync();
        return await ProgramRun.RunAsync(StockProgram.Find(program, package), ["-F", configuration, .. arguments], input, timeout);
    }

    public Task<ProgramRun> SshAsync(params string[] arguments) => RunAsync("ssh", "openssh-client", arguments);

    /// <summary>Writes the configuration that makes stock OpenSSH clients reach the relay as <c>relay</c>.</summary>
    public async Task<string> WriteClientConfigurationAsync()
    {
        var file = Path.Combine(Folder, "ssh_config");
        var knownHosts = Path.Combine(Folder, "known_hosts");
        await File.WriteAllTextAsync(knownHosts, $"[127.0.0.1]:{Port} {_hostKey.PublicKey}\n");
        await File.WriteAllLinesAsync(file,
        [
            "Host relay", "  HostName 127.0.0.1", $"  Port {Port}", "  User dev", $"  IdentityFile {Path.Combine(Folder, "id")}",
            "  IdentitiesOnly yes", "  BatchMode yes", $"  UserKnownHostsFile {knownHosts}", "  StrictHostKeyChecking yes", "  LogLevel ERROR",
        ]);
        return file;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        foreach (var relay in Running)
        {
            relay.Stop("The test is over.");
        }

        await Task.WhenAll(_connections);
        await Sshd.DisposeAsync();
        _stop.Dispose();
        System.IO.Directory.Delete(Folder, recursive: true);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                socket.NoDelay = true;
                _connections.Add(Task.Run(() => ServeAsync(socket)));
            }
        }
        catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or SocketException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await using var client = await SshConnection.AcceptAsync(DuplexPipe.Over(stream), ServerOptions(), _stop.Token);
            await using var login = new Login(this, client);
            await ServerAuthentication.AuthenticateAsync(client, login, new ServerAuthenticationOptions(), _stop.Token);
            Legs.Enqueue((client, login.Instance));
            var relay = new SshRelay(client, login.Instance, Options, new Recorder(Observed), NullLogger.Instance);
            Running.Enqueue(relay);
            Ends.Enqueue(await relay.RunAsync());
        }
        catch (Exception e)
        {
            Failures.Enqueue(e);
        }
    }

    private SshServerOptions ServerOptions() => new()
    {
        Identification = SshIdentification.Create("OpenSSH_9.2", "Workspaces"),
        HostKeys = [_hostKey],
        RekeyLimits = RekeyLimits,
    };

    /// <summary>Lets one key in, and sets the second leg up before it says so.</summary>
    private sealed class Login(LoopbackRelay relay, SshConnection client) : IServerAuthenticator, IAsyncDisposable
    {
        private NetworkStream? _stream;

        public SshConnection Instance { get; private set; } = null!;

        public ValueTask<bool> IsKnownKeyAsync(PresentedKey key, CancellationToken cancellationToken) => ValueTask.FromResult(relay._userKeys.ContainsKey(key.Key.Fingerprint));

        public async ValueTask<AuthenticationDecision> DecideAsync(LoginAttempt attempt, CancellationToken cancellationToken)
        {
            if (!relay._userKeys.ContainsKey(attempt.Key.Key.Fingerprint))
            {
                return AuthenticationDecision.Deny;
            }

            _stream = await relay.Sshd.ConnectAsync();
            var hostKey = SshPrivateKey.ReadFile(relay.Sshd.HostKeyFile).PublicKey;
            Instance = await SshConnection.ConnectAsync(
                DuplexPipe.Over(_stream),
                new SshClientOptions
                {
                    Identification = SshIdentification.Create(client.PeerIdentification.IsOpenSsh ? "OpenSSH_9.2" : "Workspaces_1"),
                    IsExpectedHostKey = hostKey.Equals,
                    RekeyLimits = relay.RekeyLimits,
                },
                cancellationToken);
            var key = SshPrivateKey.GenerateEd25519();
            var certificate = new SshCertificateBuilder
            {
                Key = key.PublicKey,
                KeyId = "dev test",
                Principals = [Environment.UserName],
                ValidAfter = DateTimeOffset.UtcNow.AddMinutes(-5),
                ValidBefore = DateTimeOffset.UtcNow.AddMinutes(5),
                Extensions = new Dictionary<string, string>
                {
                    [CertificateNames.PermitAgentForwarding] = "",
                    [CertificateNames.PermitPortForwarding] = "",
                    [CertificateNames.PermitPty] = "",
                    [CertificateNames.PermitX11Forwarding] = "",
                },
            }.Sign(relay._authority);
            await ClientAuthentication.AuthenticateAsync(Instance, Environment.UserName, key, certificate, null, cancellationToken);
            return AuthenticationDecision.Accept;
        }

        public async ValueTask DisposeAsync()
        {
            if (Instance is not null)
            {
                await Instance.DisposeAsync();
            }

            if (_stream is not null)
            {
                await _stream.DisposeAsync();
            }
        }
    }

    private sealed class Recorder(ConcurrentQueue<(ChannelKind Kind, string? Detail)> observed) : IRelayObserver
    {
        public ValueTask ChannelOpenedAsync(ChannelKind kind, string? detail)
        {
            observed.Enqueue((kind, detail));
            return ValueTask.CompletedTask;
        }

        public ValueTask DroppedAsync(long count) => ValueTask.CompletedTask;
    }
}
