using Marten;
using Workspaces.ServiceDefaults.Webhooks;

namespace Workspaces.Auditor.Webhooks;

/// <summary>Webhooks: the API that manages subscriptions, and the delivery.</summary>
internal static class WebhooksExtensions
{
    public static IHostApplicationBuilder AddWebhooks(this IHostApplicationBuilder builder)
    {
        builder.AddWebhookSender().AddStoredSecrets();
        builder.Services.AddOptions<DeliveryOptions>().BindConfiguration(WebhookOptions.Section);
        builder.Services.ConfigureMarten(WebhookStore.Configure);
        builder.Services.AddSingleton<WebhookStore>();
        builder.Services.AddSingleton<SubscriptionSignal>();
        builder.Services.AddSingleton<SubscriptionAccess>();
        builder.Services.AddSingleton<SubscriptionViews>();
        builder.Services.AddSingleton<SubscriptionEditor>();
        builder.Services.AddSingleton<Deliverer>();
        builder.Services.AddSingleton<SecretRotation>();
        builder.Services.AddHostedService<WebhookDispatcher>();
        return builder;
    }
}
