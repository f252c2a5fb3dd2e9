using Workspaces.Requests.Users.Api;

namespace Workspaces.Requests.Users;

/// <summary>Users and their keys.</summary>
public static class UsersSetup
{
    /// <summary>Registers the capability.</summary>
    public static WebApplicationBuilder AddUsers(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<UserStore>();
        builder.Services.AddSingleton<UserAccess>();
        return builder;
    }
}
