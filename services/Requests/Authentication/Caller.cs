namespace Workspaces.Requests.Authentication;

/// <summary>Who asks, for whom, and how far they may see.</summary>
/// <param name="Name">For the record: a user's name, or the name of the API key that acts for a user.</param>
/// <param name="User">The user on whose behalf it happens; null for a key that belongs to no user and acts for none.</param>
/// <param name="SeesAll">Whether workspaces of others exist for them.</param>
public sealed record Caller(string Name, string? User, bool SeesAll)
{
    /// <summary>Whether something of <paramref name="owner"/> exists for them.</summary>
    public bool MaySee(string owner) => SeesAll || owner == User;
}
