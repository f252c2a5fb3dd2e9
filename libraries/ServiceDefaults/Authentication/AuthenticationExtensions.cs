using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Workspaces.ServiceDefaults.Authentication;

/// <summary>Who calls, and whether they may.</summary>
public static class AuthenticationExtensions
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Bearer tokens on every endpoint that does not say <c>AllowAnonymous</c>, checked by asking Requests (setting
    /// <c>Requests:Url</c>) with this service's own key.
    /// </summary>
    public static IHostApplicationBuilder AddApiKeyAuthentication(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IntrospectionCache>();
        builder.AddRequestsClient<ITokenValidator, IntrospectingTokenValidator>();
        return builder.AddBearerAuthentication();
    }

    /// <summary>The same, checked by <typeparamref name="TValidator"/>: for Requests, which holds the keys.</summary>
    public static IHostApplicationBuilder AddApiKeyAuthentication<TValidator>(this IHostApplicationBuilder builder)
        where TValidator : class, ITokenValidator
    {
        builder.Services.TryAddScoped<ITokenValidator, TValidator>();
        return builder.AddBearerAuthentication();
    }

    /// <summary>An HTTP client of Requests (base address from <c>Requests:Url</c>) that shows this service's own key.</summary>
    public static IHttpClientBuilder AddRequestsClient<TClient>(this IHostApplicationBuilder builder)
        where TClient : class =>
        builder.Services.AddHttpClient<TClient>((services, client) => Configure(services, client)).AddOwnApiKey();

    /// <summary>An HTTP client of Requests behind an interface.</summary>
    public static IHttpClientBuilder AddRequestsClient<TClient, TImplementation>(this IHostApplicationBuilder builder)
        where TClient : class
        where TImplementation : class, TClient =>
        builder.Services.AddHttpClient<TClient, TImplementation>((services, client) => Configure(services, client)).AddOwnApiKey();

    /// <summary>Makes an HTTP client show this service's own API key. Only for clients of services of this suite.</summary>
    public static IHttpClientBuilder AddOwnApiKey(this IHttpClientBuilder client)
    {
        client.Services.TryAddSingleton<OwnApiKey>();
        client.Services.TryAddTransient<OwnApiKeyHandler>();
        return client.AddHttpMessageHandler<OwnApiKeyHandler>();
    }

    /// <summary>Only bearers with the scope (or <see cref="Scopes.Admin"/>) may call these endpoints.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoints, string scope)
        where TBuilder : IEndpointConventionBuilder
    {
        var requirement = new ScopeRequirement(scope);
        return endpoints.RequireAuthorization(policy => policy.RequireAuthenticatedUser().AddRequirements(requirement)).WithMetadata(requirement);
    }

    private static IHostApplicationBuilder AddBearerAuthentication(this IHostApplicationBuilder builder)
    {
        // Only the core: AddAuthentication brings data protection for cookies, which would write keys to the disk.
        builder.Services.AddAuthenticationCore(options =>
        {
            options.AddScheme<BearerTokenHandler>(BearerTokenHandler.SchemeName, displayName: null);
            options.DefaultScheme = BearerTokenHandler.SchemeName;
        });
        builder.Services.AddWebEncoders();
        builder.Services.AddTransient<BearerTokenHandler>();
        builder.Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        return builder;
    }

    private static void Configure(IServiceProvider services, HttpClient client)
    {
        var url = services.GetRequiredService<IConfiguration>()["Requests:Url"]
            ?? throw new InvalidOperationException("Set Requests:Url to the base URL of Requests, for example http://127.0.0.1:7400.");
        client.BaseAddress = new Uri(url.TrimEnd('/') + "/");
        client.Timeout = CallTimeout;
    }
}
