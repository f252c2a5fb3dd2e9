namespace Workspaces.Auditor.Webhooks;

/// <summary>What a subscription does.</summary>
public enum SubscriptionState
{
    /// <summary>It delivers.</summary>
    Active,

    /// <summary>Its owner stopped it.</summary>
    Paused,

    /// <summary>Its receiver answered 410; its owner can enable it again.</summary>
    Disabled,
}
