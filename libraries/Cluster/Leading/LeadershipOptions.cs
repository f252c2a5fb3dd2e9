using System.ComponentModel.DataAnnotations;

namespace Workspaces.Cluster.Leading;

/// <summary>Times of the leader lease. Configuration section <c>Leadership</c>.</summary>
public sealed class LeadershipOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Leadership";

    /// <summary>How long others wait for a leader that gives no sign of life.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>A leader that could not renew for this long stops working; shorter than the lease, so that two never work at once.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RenewWithin { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between attempts.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan RetryEvery { get; set; } = TimeSpan.FromSeconds(2);
}
