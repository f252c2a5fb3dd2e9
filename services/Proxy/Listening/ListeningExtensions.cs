using System.Net;
using Microsoft.AspNetCore.Connections;
using Workspaces.Proxy.Addresses;
using Workspaces.Proxy.Authenticating;
using Workspaces.Proxy.Certificates;
using Workspaces.Proxy.Policy;
using Workspaces.Ssh.Transport;

namespace Workspaces.Proxy.Listening;

internal static class ListeningExtensions
{
    private const string DefaultUrl = "http://127.0.0.1:7440";

    /// <summary>Listens for SSH, beside HTTP, on the same server: its limits, metrics and graceful shutdown are for both.</summary>
    /// <exception cref="ProxyConfigurationException">An address is wrong, or a key cannot be used.</exception>
    public static WebApplicationBuilder AddSshListener(this WebApplicationBuilder builder, ProxyOptions options)
    {
        if (!IPAddress.TryParse(options.Ssh.Address, out var address) || options.Ssh.Port is < 0 or > 65_535)
        {
            throw new ProxyConfigurationException(
                $"Proxy:Ssh:Address '{options.Ssh.Address}' and Proxy:Ssh:Port {options.Ssh.Port} are not an IP address and a TCP port.");
        }

        if (options.Ssh.KeyExchanges.FirstOrDefault(name => !SshAlgorithms.AllKeyExchanges.Contains(name)) is { } unknown)
        {
            throw new ProxyConfigurationException(
                $"Proxy:Ssh:KeyExchanges names '{unknown}', which is not known here. There are: {string.Join(", ", SshAlgorithms.AllKeyExchanges)}.");
        }

        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(ProxyKeys.Read(options, TimeProvider.System));
        builder.Services.AddSingleton<SessionCertificates>();
        builder.Services.AddSingleton(new SessionPolicies(options.Policies));
        builder.Services.AddSingleton(new UserCertificates(
            [.. options.UserAuthorities.Select((authority, i) => PublicFile.ReadUserAuthority(authority, $"Proxy:UserAuthorities:{i}"))]));
        builder.Services.AddSingleton<RevokedKeys>();
        builder.Services.AddSingleton<Credentials>();
        builder.Services.AddSingleton<LoginDecider>();
        builder.Services.AddSingleton(new ProxyHeaderReader(AddressList.Read(options.Ssh.LoadBalancers, "Proxy:Ssh:LoadBalancers")));
        builder.Services.AddSingleton(services =>
            new AddressThrottle(options.Ssh.FailuresPerAddress, options.Ssh.FailureRecovery, services.GetRequiredService<TimeProvider>()));
        builder.Services.AddSingleton(new StartupGate(options.Ssh.StartupsBegin, options.Ssh.StartupsFull, Random.Shared));
        builder.Services.AddHostedService<Draining>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTime + Draining.Grace);

        // Endpoints set in code replace those of the configuration, so those of HTTP are set here too.
        var urls = builder.Configuration[WebHostDefaults.ServerUrlsKey] is { Length: > 0 } configured ? configured : DefaultUrl;
        builder.Configuration[WebHostDefaults.ServerUrlsKey] = null;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                kestrel.Listen(HttpEndPoint(url));
            }

            kestrel.Listen(address, options.Ssh.Port, listen => listen.UseConnectionHandler<SshConnectionHandler>());
        });
        return builder;
    }

    private static IPEndPoint HttpEndPoint(string url)
    {
        var binding = BindingAddress.Parse(url);
        if (binding.Scheme != "http")
        {
            throw new ProxyConfigurationException($"'{url}' in ASPNETCORE_URLS: only http is served here.");
        }

        return binding.Host switch
        {
            "localhost" => new IPEndPoint(IPAddress.Loopback, binding.Port),
            var host when IPAddress.TryParse(host.Trim('[', ']'), out var address) => new IPEndPoint(address, binding.Port),
            _ => new IPEndPoint(IPAddress.IPv6Any, binding.Port), // "*", "+" and names mean every address, as they do for Kestrel itself
        };
    }
}
