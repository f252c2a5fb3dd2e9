namespace Workspaces.LocalCluster.Access;

/// <summary>Who makes a request, as authentication established it.</summary>
public sealed record Caller(string Name, IReadOnlyList<string> Groups, string Uid = "")
{
    /// <summary>Members may do everything.</summary>
    public const string Masters = "system:masters";

    /// <summary>This process itself: its node and its controllers.</summary>
    public static Caller System { get; } = new("system:localcluster", [Masters, "system:authenticated"]);

    /// <summary>Further facts that authentication knows, as reviews show them.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    public bool IsMaster => Groups.Contains(Masters);
}
