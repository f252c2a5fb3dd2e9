using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Workspaces.ServiceDefaults.Webhooks;

/// <summary>Sending webhooks.</summary>
public static class WebhookExtensions
{
    /// <summary>Registers <see cref="WebhookSender"/> and <see cref="WebhookTargets"/> with the settings of section <c>Webhooks</c>.</summary>
    public static IHostApplicationBuilder AddWebhookSender(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<IHostResolver, DnsHostResolver>();
        builder.Services.TryAddSingleton<WebhookTargets>();
        builder.Services.TryAddSingleton<WebhookSender>();
        return builder;
    }

    /// <summary>Registers <see cref="StoredSecrets"/>, for services that store secrets which sign webhooks.</summary>
    public static IHostApplicationBuilder AddStoredSecrets(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section);
        builder.Services.TryAddSingleton<StoredSecrets>();
        return builder;
    }
}
