namespace Workspaces.Ssh.Authentication;

/// <summary>Who has logged in.</summary>
/// <param name="UserName">The login name as the client sent it.</param>
/// <param name="Key">The key that the person proved to hold.</param>
public sealed record AuthenticatedUser(string UserName, PresentedKey Key);
