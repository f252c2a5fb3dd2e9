namespace Workspaces.Requests.Users;

/// <summary>What a user has who was made without saying more.</summary>
public static class UserDefaults
{
    /// <summary>uid and gid: the first that Linux gives to a person. Each standalone workspace is a container of its own.</summary>
    public const int Uid = 1000;
}
