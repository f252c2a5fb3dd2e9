using System.Text.Json.Serialization;

namespace Workspaces.Requests.Users;

/// <summary>What a person may do beyond their own workspaces.</summary>
public enum UserRole
{
    /// <summary>Sees and touches their own.</summary>
    [JsonStringEnumMemberName("user")]
    User,

    /// <summary>Sees and touches everybody's workspaces.</summary>
    [JsonStringEnumMemberName("operator")]
    Operator,

    /// <summary>The same, and manages users and their keys.</summary>
    [JsonStringEnumMemberName("admin")]
    Admin,
}
