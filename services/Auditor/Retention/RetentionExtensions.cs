using Workspaces.Auditor.Log;
using Workspaces.Auditor.Operating;
using Workspaces.Auditor.Querying;

namespace Workspaces.Auditor.Retention;

/// <summary>How long the log keeps what, and taking it out.</summary>
internal static class RetentionExtensions
{
    public static IHostApplicationBuilder AddRetention(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RetentionOptions>().BindConfiguration(RetentionOptions.Section)
            .Validate(options => options.Keep is null || options.ArchiveFolder is { Length: > 0 }, "Retention:Keep needs Retention:ArchiveFolder.")
            .Validate(options => options.Keep is null || options.Keep > TimeSpan.Zero, "Retention:Keep is a time such as 90.00:00:00.")
            .Validate(options => options.EntriesPerFile > 0 && options.Interval > TimeSpan.Zero, "Retention:EntriesPerFile and Retention:Interval are more than zero.")
            .Validate(options => options.Redact.Keys.All(FilterRules.EventTypes.Contains), $"Retention:Redact names types of event; there are: {string.Join(", ", FilterRules.EventTypes)}.")
            .ValidateOnStart();
        builder.Services.AddSingleton<LogTrimmer>();
        builder.Services.AddSingleton<LogRedactor>();
        builder.Services.AddSingleton<Archiver>();
        builder.Services.AddSingleton<LogExporter>();
        builder.Services.AddSingleton<ExportCommand>();
        builder.Services.AddHostedService<RetentionJob>();
        return builder;
    }
}
