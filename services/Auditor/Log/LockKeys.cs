namespace Workspaces.Auditor.Log;

/// <summary>Keys of the advisory locks in the log's database: one for each thing that only one Auditor may do at a time.</summary>
internal static class LockKeys
{
    /// <summary>Changing where the log begins or ends; held for a transaction.</summary>
    public const long Append = 0x10C_0001;

    /// <summary>Publishing to the broker; held for a connection.</summary>
    public const long BrokerFeed = 0x10C_0002;

    /// <summary>Delivering webhooks; held for a connection.</summary>
    public const long Webhooks = 0x10C_0003;

    /// <summary>Archiving and redacting; held for a connection.</summary>
    public const long Retention = 0x10C_0004;

    /// <summary>Publishing signed heads; held for a connection.</summary>
    public const long SignedHeads = 0x10C_0005;
}
