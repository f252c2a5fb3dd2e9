namespace Workspaces.Requests.Lifetimes;

/// <summary>Configuration section <c>Lifetimes</c>.</summary>
public sealed class LifetimesOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Lifetimes";

    /// <summary>How often the clock looks for what is due.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long after the start of the service nothing is called idle: reports of the time when it was away must come in first.
    /// The Proxy sends one each minute.
    /// </summary>
    public TimeSpan IdleGrace { get; set; } = TimeSpan.FromMinutes(2);
}
