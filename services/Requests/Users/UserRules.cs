using Workspaces.Contracts;
using Workspaces.Requests.Http;

namespace Workspaces.Requests.Users;

/// <summary>What users may look like.</summary>
public static class UserRules
{
    /// <summary>Linux takes no longer user names.</summary>
    public const int MaxNameLength = 32;

    private const int MaxGroups = 100;

    /// <summary>Whether it is a user name: it is also the login name of SSH and goes into names of workspaces.</summary>
    public static bool IsName(string? name) => DnsLabel.IsValid(name, MaxNameLength) && char.IsAsciiLetter(name![0]);

    /// <summary>What is wrong with a profile.</summary>
    public static IReadOnlyList<FieldError> Check(UserProfile profile)
    {
        var errors = new List<FieldError>();
        if (!IsName(profile.Name))
        {
            errors.Add(new FieldError("/name", $"A user name is a letter and at most {MaxNameLength - 1} of a-z, 0-9 and '-', with no '-' at the end."));
        }

        if (profile.Uid < 1)
        {
            errors.Add(new FieldError("/uid", "A uid is a number from 1 up; root is not a user here."));
        }

        if (profile.Gid < 1)
        {
            errors.Add(new FieldError("/gid", "A gid is a number from 1 up."));
        }

        if (profile.Email is { } email && (email.Length > 254 || email.Count(c => c == '@') != 1 || email.Any(c => !char.IsAscii(c) || char.IsControl(c) || "\"'\\<>(),;: `$".Contains(c))))
        {
            errors.Add(new FieldError("/email", "This is not a mail address."));
        }

        for (var i = 0; i < profile.Groups.Count; i++)
        {
            if (i >= MaxGroups || !DnsLabel.IsValid(profile.Groups[i].Replace('_', '-').Replace('.', '-').ToLowerInvariant()))
            {
                errors.Add(new FieldError($"/groups/{i}", $"A group is at most 63 letters, digits, '-', '_' and '.', and there are at most {MaxGroups}."));
                break;
            }
        }

        return errors;
    }
}
