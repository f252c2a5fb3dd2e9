using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Serving;

namespace Workspaces.LocalCluster.Hosting;

/// <summary>
/// Listens for the API over HTTPS, in a server of its own: it can be away for a while, as an API server that restarts, while store, controllers
/// and pods go on.
/// </summary>
internal sealed class ApiListener(CertificateAuthority authority, ApiDispatcher dispatcher, LocalClusterOptions options, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim _changing = new(1, 1);
    private WebApplication? _app;
    private CancellationTokenSource? _interruption;
    private int _port = options.Port;
    private bool _disposed;

    /// <summary>https://127.0.0.1:port, once it listens.</summary>
    public string Url { get; private set; } = "";

    public bool IsInterrupted => Volatile.Read(ref _app) is null;

    public async Task StartAsync(CancellationToken ct)
    {
        await _changing.WaitAsync(ct);
        try
        {
            await ListenAsync(ct);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Stops listening and cuts every connection; listens again at the same port after a time, or (null) when told to.</summary>
    public async Task InterruptAsync(TimeSpan? time)
    {
        await _changing.WaitAsync();
        try
        {
            CancelInterruption();
            await CloseAsync();
            if (time is { } given)
            {
                _interruption = new CancellationTokenSource();
                _ = ResumeLaterAsync(given, _interruption.Token);
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Listens again, where it does not.</summary>
    public async Task ResumeAsync()
    {
        await _changing.WaitAsync();
        try
        {
            CancelInterruption();
            await ListenAsync(CancellationToken.None);
        }
        finally
        {
            _changing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _changing.WaitAsync();
        try
        {
            _disposed = true;
            CancelInterruption();
            await CloseAsync();
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task ResumeLaterAsync(TimeSpan time, CancellationToken ct)
    {
        try
        {
            await Task.Delay(time, clock, ct);
        }
        catch (OperationCanceledException)
        {
            // Resumed or interrupted anew before its time.
            return;
        }

        await ResumeAsync();
    }

    private void CancelInterruption()
    {
        _interruption?.Cancel();
        _interruption?.Dispose();
        _interruption = null;
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        if (_app is not null || _disposed)
        {
            return;
        }

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders().AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat) = (true, "HH:mm:ss ")).AddFilter("Microsoft", LogLevel.Warning);

        // The process lives as long as the cluster, not as this server: signals are the cluster's.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(Configure);
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(dispatcher.HandleAsync);
        try
        {
            await app.StartAsync(ct);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        Url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        _port = new Uri(Url).Port;
        Volatile.Write(ref _app, app);
    }

    private async Task CloseAsync()
    {
        if (_app is not { } app)
        {
            return;
        }

        Volatile.Write(ref _app, null);

        // Not gracefully: watches would hold it up for an hour.
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;

        // Callers on this machine are slow where it is busy, and not hostile.
        kestrel.Limits.RequestHeadersTimeout = Patience;
        var certificate = authority.IssueServer();
        kestrel.Listen(IPAddress.Loopback, _port, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.HandshakeTimeout = Patience;
            https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;

            // Which certificates count is decided per request, with 401 and a Status, and not by breaking the handshake.
            https.AllowAnyClientCertificate();
        }));
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
