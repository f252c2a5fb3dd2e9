using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Workspaces.ServiceDefaults.Authentication;

namespace Workspaces.ServiceDefaults.Telemetry;

/// <summary>Traces, metrics and logs of a service. They leave the process only where an OTLP endpoint is configured.</summary>
public static class TelemetryExtensions
{
    /// <summary>Standard setting (OpenTelemetry specification, OTLP exporter) that turns exporting on.</summary>
    public const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Prefix of the suite's own activity sources and meters.</summary>
    public const string SourcePrefix = "Workspaces";

    /// <summary>Collects traces (HTTP, bus, the suite's own sources), metrics and logs.</summary>
    public static IHostApplicationBuilder AddTelemetry(this IHostApplicationBuilder builder, ServiceName service)
    {
        builder.Logging.Configure(options => options.ActivityTrackingOptions =
            ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        builder.Logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            options.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        // One line per request and per outgoing call says nothing that the traces do not say better.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        builder.Logging.AddFilter(typeof(BearerTokenHandler).FullName, LogLevel.Warning);
        // Whoever polls readiness is told what fails; the failing part logs the cause itself.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                serviceName: $"workspaces-{service.Key()}",
                serviceNamespace: "workspaces",
                serviceVersion: typeof(TelemetryExtensions).Assembly.GetName().Version?.ToString(3)))
            .WithTracing(tracing => tracing
                .AddSource(SourcePrefix, $"{SourcePrefix}.*", "MassTransit")
                .AddAspNetCoreInstrumentation(options => options.Filter = IsNotHealth)
                .AddHttpClientInstrumentation())
            .WithMetrics(metrics => metrics
                .AddMeter(SourcePrefix, $"{SourcePrefix}.*", "MassTransit")
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation());
        if (!string.IsNullOrWhiteSpace(builder.Configuration[EndpointSetting]))
        {
            telemetry.UseOtlpExporter();
        }

        return builder;
    }

    /// <summary>Probes come every few seconds and would be most of the traces.</summary>
    private static bool IsNotHealth(HttpContext context) => !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal);
}
