using Workspaces.Requests.Storage;
using Workspaces.ServiceDefaults.Authentication;

namespace Workspaces.Requests.Authentication;

/// <summary>API keys: checking them, and those that an installation begins with.</summary>
public static class AuthenticationSetup
{
    /// <summary>Registers the capability. Reads the bootstrap file at once: a bad one ends the service with a sentence.</summary>
    public static WebApplicationBuilder AddAuthentication(this WebApplicationBuilder builder)
    {
        builder.AddApiKeyAuthentication<ApiKeyValidator>();
        builder.Services.AddSingleton<CallerResolver>();
        builder.Services.AddSingleton<ApiKeyStore>();
        var path = builder.Configuration["Requests:BootstrapFile"];
        var file = string.IsNullOrEmpty(path) ? null : BootstrapFile.Read(path);
        builder.Services.AddSingleton(file ?? new BootstrapFile());
        builder.Services.AddSingleton<IStorePreparation, Bootstrapper>();
        return builder;
    }
}
