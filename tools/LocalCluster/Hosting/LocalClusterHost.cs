using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Admission;
using Workspaces.LocalCluster.Controllers;
using Workspaces.LocalCluster.Housekeeping;
using Workspaces.LocalCluster.Node;
using Workspaces.LocalCluster.Operations;
using Workspaces.LocalCluster.Serving;
using Workspaces.LocalCluster.Streaming;

namespace Workspaces.LocalCluster.Hosting;

/// <summary>
/// One running cluster: the API over HTTPS, the side endpoint over HTTP, controllers and node. Disposing it stops everything that it started.
/// </summary>
public sealed class LocalClusterHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly LocalClusterOptions _options;

    private LocalClusterHost(WebApplication app, LocalClusterOptions options) => (_app, _options) = (app, options);

    /// <summary>Where the API is: https://127.0.0.1:port.</summary>
    public string Server { get; private set; } = "";

    /// <summary>Where health and faults are: http://127.0.0.1:port.</summary>
    public string Side { get; private set; } = "";

    public string KubeconfigFile => _options.KubeconfigFile;

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a cluster. <see cref="StartupException"/> says what is in the way and what to do.</summary>
    public static async Task<LocalClusterHost> StartAsync(LocalClusterOptions options, CancellationToken ct = default)
    {
        Preconditions.Check(options);
        var host = new LocalClusterHost(Build(options), options);
        try
        {
            await host._app.StartAsync(ct);
            host.Announce();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Until somebody asks the process to stop.</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(LocalClusterOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton(options);
        builder.Services.AddClusterOperations(options);
        builder.Services.AddClusterAccess(options);
        builder.Services.AddAdmission();
        builder.Services.AddClusterServing();
        builder.Services.AddClusterStreaming();
        builder.Services.AddHostedService<FirstObjects>();
        builder.Services.AddHousekeeping();
        builder.Services.AddClusterControllers(options.StateFolder);
        if (options.WithNode)
        {
            builder.Services.AddClusterNode(new NodeOptions
            {
                StateFolder = options.StateFolder,
                ImagesFolder = options.ImagesFolder,
                LeaseDuration = options.NodeMonitorGracePeriod * 0.8, // 40 s of 50 s, as in a real cluster
            });
        }

        builder.Logging.ClearProviders().AddSimpleConsole(o => (o.SingleLine, o.TimestampFormat) = (true, "HH:mm:ss ")).AddFilter("Microsoft", LogLevel.Warning);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel((_, kestrel) => Listen(kestrel, options));
        var app = builder.Build();
        app.UseWebSockets();
        var dispatcher = app.Services.GetRequiredService<ApiDispatcher>();
        app.Run(http => http.Request.IsHttps ? dispatcher.HandleAsync(http) : SideEndpoint.HandleAsync(http));
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, LocalClusterOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.MaxStreamsPerConnection = 1000;
        var authority = kestrel.ApplicationServices.GetRequiredService<CertificateAuthority>();
        var certificate = authority.IssueServer();
        kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;

            // Which certificates count is decided per request, with 401 and a Status, and not by breaking the handshake.
            https.AllowAnyClientCertificate();
        }));
        kestrel.Listen(IPAddress.Loopback, options.SidePort);
    }

    /// <summary>Says where everything is, once the ports are known.</summary>
    private void Announce()
    {
        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        Server = addresses.First(a => a.StartsWith("https:", StringComparison.Ordinal));
        Side = addresses.First(a => a.StartsWith("http:", StringComparison.Ordinal));
        var authority = _app.Services.GetRequiredService<CertificateAuthority>();
        using var certificate = authority.IssueClient(Authenticator.Administrator.Name, Caller.Masters);
        PrivateFile.Write(_options.KubeconfigFile, Kubeconfig.WithCertificate(Server, authority.RootPem, Authenticator.Administrator.Name, certificate));
        ServingLog.Serving(_app.Services.GetRequiredService<ILogger<LocalClusterHost>>(), Server, _options.KubeconfigFile);
    }
}
