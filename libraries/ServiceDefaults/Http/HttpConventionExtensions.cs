using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Workspaces.Contracts;

namespace Workspaces.ServiceDefaults.Http;

/// <summary>JSON as in the contracts, problem details for every error, and a server that tells and accepts no more than it must.</summary>
public static class HttpConventionExtensions
{
    /// <summary>Longest request body, unless an endpoint says otherwise.</summary>
    public const long MaxRequestBodyBytes = 1024 * 1024;

    /// <summary>Registers the conventions.</summary>
    public static IHostApplicationBuilder AddHttpConventions(this IHostApplicationBuilder builder)
    {
        builder.Services.ConfigureHttpJsonOptions(options => ContractsJson.Apply(options.SerializerOptions));
        builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true); // for a detail that helps
        builder.Services.AddExceptionHandler<ErrorResponder>();
        builder.Services.AddProblemDetails(options => options.CustomizeProblemDetails = context =>
            context.ProblemDetails.Extensions.TryAdd(Problems.CodeMember, Problems.CodeOf(context.HttpContext.Response.StatusCode)));
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MaxRequestBodyBytes;
            options.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        });
        return builder;
    }

    internal static WebApplication UseHttpConventions(this WebApplication app)
    {
        app.Use((context, next) =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.Headers.CacheControl = "no-store"; // everything here is about somebody in particular
            return next(context);
        });
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        // Said explicitly, so that errors in them are inside of the error handling.
        if (app.Services.GetService<IAuthenticationSchemeProvider>() is not null)
        {
            app.UseAuthentication();
            app.UseAuthorization();
        }

        return app;
    }
}
