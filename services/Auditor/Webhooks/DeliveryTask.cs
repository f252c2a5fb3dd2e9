using Workspaces.Auditor.Log;

namespace Workspaces.Auditor.Webhooks;

/// <summary>Something to deliver.</summary>
/// <param name="Delivery">As it is now.</param>
/// <param name="Entry">The entry; null: it is not in the log any more.</param>
internal sealed record DeliveryTask(Delivery Delivery, LogEntry? Entry);
