using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Access;

/// <summary>
/// Lets a caller act as another (https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation): each user, group, uid and extra value that
/// the Impersonate headers name must be allowed to the caller by the verb impersonate.
/// </summary>
internal sealed class Impersonator(RoleBasedAuthorizer authorizer)
{
    private const string UserHeader = "Impersonate-User";
    private const string GroupHeader = "Impersonate-Group";
    private const string UidHeader = "Impersonate-Uid";
    private const string ExtraPrefix = "Impersonate-Extra-";
    private const string Authentication = "authentication.k8s.io";
    private const string AccountPrefix = "system:serviceaccount:";
    private const string Anonymous = "system:anonymous";
    private const string Authenticated = "system:authenticated";
    private const string Unauthenticated = "system:unauthenticated";

    /// <summary>Who the request is made as: the caller where it names nobody else; 403 where the caller may not.</summary>
    public Caller Resolve(IHeaderDictionary headers, Caller caller)
    {
        var user = headers[UserHeader].ToString();
        var groups = headers[GroupHeader].Select(g => g ?? "").ToList();
        var uid = headers[UidHeader].ToString();
        var extra = headers.Where(h => h.Key.StartsWith(ExtraPrefix, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(
                h => Uri.UnescapeDataString(h.Key[ExtraPrefix.Length..].ToLowerInvariant()),
                h => (IReadOnlyList<string>)[.. h.Value.Select(v => v ?? "")]);
        if (user.Length == 0)
        {
            return groups.Count + uid.Length + extra.Count == 0 ? caller : throw WithoutUser(groups, uid, extra);
        }

        var account = user.StartsWith(AccountPrefix, StringComparison.Ordinal) && user[AccountPrefix.Length..].Split(':') is [{ Length: > 0 } ns, { Length: > 0 } name]
            ? (Namespace: ns, Name: name)
            : (Namespace: "", Name: "");
        Require(caller, account.Name.Length > 0
            ? new AccessAttributes("impersonate", "", "serviceaccounts", "", account.Namespace, account.Name)
            : new AccessAttributes("impersonate", "", "users", Name: user));
        foreach (var group in groups)
        {
            Require(caller, new AccessAttributes("impersonate", "", "groups", Name: group));
        }

        foreach (var (key, value) in extra.SelectMany(e => e.Value.Select(v => (e.Key, v))))
        {
            Require(caller, new AccessAttributes("impersonate", Authentication, "userextras", key, Name: value));
        }

        if (uid.Length > 0)
        {
            Require(caller, new AccessAttributes("impersonate", Authentication, "uids", Name: uid));
        }

        if (groups.Count == 0 && account.Name.Length > 0)
        {
            groups = ["system:serviceaccounts", $"system:serviceaccounts:{account.Namespace}"];
        }

        if (user == Anonymous ? !groups.Contains(Unauthenticated) : !groups.Contains(Authenticated) && !groups.Contains(Unauthenticated))
        {
            groups.Add(user == Anonymous ? Unauthenticated : Authenticated);
        }

        return new Caller(user, groups, uid) { Extra = extra };
    }

    private static ApiStatusException WithoutUser(List<string> groups, string uid, Dictionary<string, IReadOnlyList<string>> extra)
    {
        IEnumerable<string> wanted =
        [
            .. groups.Select(g => $"{{Group  {g}    }}"),
            .. extra.SelectMany(e => e.Value.Select(v => $"{{UserExtra  {v}  {Authentication}/v1  {e.Key}}}")),
            .. uid.Length > 0 ? (string[])[$"{{UID  {uid}  {Authentication}/v1  }}"] : [],
        ];
        return ApiErrors.BadRequest($"requested [{string.Join(' ', wanted)}] without impersonating a user");
    }

    private void Require(Caller caller, AccessAttributes wanted)
    {
        if (!authorizer.Allows(caller, wanted))
        {
            throw RoleBasedAuthorizer.Refusal(caller, wanted);
        }
    }
}
