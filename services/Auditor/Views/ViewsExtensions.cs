namespace Workspaces.Auditor.Views;

/// <summary>Answers to what people ask an audit log, put together from the log's entries.</summary>
internal static class ViewsExtensions
{
    public static IHostApplicationBuilder AddViews(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<PodView>();
        builder.Services.AddSingleton<WorkloadView>();
        builder.Services.AddSingleton<FailedLoginView>();
        return builder;
    }
}
