namespace Workspaces.ServiceDefaults.Webhooks;

/// <summary>The target of a webhook has an address that this installation does not allow.</summary>
public sealed class WebhookTargetRefusedException : Exception
{
    /// <summary>Without words.</summary>
    public WebhookTargetRefusedException()
    {
    }

    /// <summary>With the address, for whoever configured the webhook.</summary>
    public WebhookTargetRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>With the address and a cause.</summary>
    public WebhookTargetRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
