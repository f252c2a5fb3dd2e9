using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Admission;
using Workspaces.LocalCluster.Controllers;
using Workspaces.LocalCluster.Faults;
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
            await host._app.Services.GetRequiredService<ApiListener>().StartAsync(ct);
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
        // First the API, so that nobody is told of what happens only because everything stops.
        await _app.Services.GetRequiredService<ApiListener>().DisposeAsync();
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
        builder.Services.AddFaults();
        builder.Services.AddSingleton<ApiListener>();
        builder.Services.AddSingleton<SideEndpoint>();
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
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, options.SidePort);
        });
        var app = builder.Build();
        app.Run(app.Services.GetRequiredService<SideEndpoint>().HandleAsync);
        return app;
    }

    /// <summary>Says where everything is, once the ports are known.</summary>
    private void Announce()
    {
        Server = _app.Services.GetRequiredService<ApiListener>().Url;
        Side = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        _app.Services.GetRequiredService<SideEndpoint>().Announce(Side);
        var authority = _app.Services.GetRequiredService<CertificateAuthority>();
        using var certificate = authority.IssueClient(Authenticator.Administrator.Name, Caller.Masters);
        PrivateFile.Write(_options.KubeconfigFile, Kubeconfig.WithCertificate(Server, authority.RootPem, Authenticator.Administrator.Name, certificate));
        foreach (var user in _options.Users)
        {
            using var own = authority.IssueClient(user.Name, user.Groups);
            PrivateFile.Write(user.KubeconfigFile(_options.KubeconfigFile), Kubeconfig.WithCertificate(Server, authority.RootPem, user.Name, own));
        }

        ServingLog.Serving(_app.Services.GetRequiredService<ILogger<LocalClusterHost>>(), Server, _options.KubeconfigFile);
    }
}
