namespace Workspaces.ServiceDefaults.Bus;

/// <summary>Events of an exchange go into a queue.</summary>
/// <param name="Exchange">Where they come from.</param>
/// <param name="RoutingKey">Topic pattern; <c>#</c> is everything.</param>
public sealed record QueueBinding(EventExchange Exchange, string RoutingKey = QueueBinding.Everything)
{
    /// <summary>Matches every routing key.</summary>
    public const string Everything = "#";
}
