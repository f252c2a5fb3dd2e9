using Workspaces.Contracts;

namespace Workspaces.Proxy.LoginNames;

/// <summary>
/// Reads SSH login names. Pure: knows the grammar and nothing of users, workspaces or blueprints that exist.
/// <code>
/// login = name [ "." replica ] / user [ "~" spec ]
/// spec  = blueprint *( "," kv ) / kv *( "," kv )
/// kv    = ( "ws" / "workload" / "ns" / "mode" / "replica" / "user" ) "=" value
/// </code>
/// </summary>
public static class LoginNameParser
{
    private const string Example = "for example alice~dev or alice~ws=payments-debug,replica=2";

    /// <summary>Reads a login name as the client sent it.</summary>
    public static LoginNameResult Parse(string login)
    {
        if (!LoginNameDecoder.TryDecode(login, out var text))
        {
            return LoginNameResult.Refused(text);
        }

        var tilde = text.IndexOf('~', StringComparison.Ordinal);
        return tilde < 0 ? ParseBare(text) : ParseUser(text[..tilde], text[(tilde + 1)..]);
    }

    private static LoginNameResult ParseBare(string text)
    {
        if (text.Contains(',') || text.Contains('='))
        {
            return LoginNameResult.Refused($"'{Shown(text)}' has options but no user: write user~options, {Example}.");
        }

        // Names have no dot, so that everything after the first one is the replica.
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? text : text[..dot];
        if (!DnsLabel.IsValid(name))
        {
            return LoginNameResult.Refused(NotALabel("workspace or user", name));
        }

        if (dot < 0)
        {
            return LoginNameResult.Valid(new BareLogin(name, null));
        }

        var replica = text[(dot + 1)..];
        return IsDnsName(replica)
            ? LoginNameResult.Valid(new BareLogin(name, new ReplicaSelector(replica)))
            : LoginNameResult.Refused(NotAReplica(replica));
    }

    private static LoginNameResult ParseUser(string user, string rest)
    {
        if (!DnsLabel.IsValid(user))
        {
            return LoginNameResult.Refused(NotALabel("user", user));
        }

        if (rest.Contains('~'))
        {
            return LoginNameResult.Refused($"A login name has one '~': write user~options, {Example}.");
        }

        var spec = new LoginSpec();
        var given = new HashSet<string>(StringComparer.Ordinal);
        var items = rest.Split(',');
        for (var i = 0; i < items.Length; i++)
        {
            var equals = items[i].IndexOf('=', StringComparison.Ordinal);
            if (equals < 0 && i > 0)
            {
                return LoginNameResult.Refused($"'{Shown(items[i])}' is not an option: write key=value, {Example}.");
            }

            var refusal = equals < 0
                ? ReadBlueprint(ref spec, items[i])
                : ReadOption(ref spec, given, items[i][..equals], items[i][(equals + 1)..]);
            if (refusal is not null)
            {
                return LoginNameResult.Refused(refusal);
            }
        }

        return CheckTogether(spec) is { } problem
            ? LoginNameResult.Refused(problem)
            : LoginNameResult.Valid(new UserLogin(user, spec));
    }

    private static string? ReadBlueprint(ref LoginSpec spec, string value)
    {
        if (value.Length == 0)
        {
            return $"Something is missing after the '~': write user~blueprint or user~options, {Example}.";
        }

        if (!DnsLabel.IsValid(value, maxLength: 40))
        {
            return NotALabel("blueprint", value, maxLength: 40);
        }

        spec = spec with { Blueprint = value };
        return null;
    }

    private static string? ReadOption(ref LoginSpec spec, HashSet<string> given, string writtenKey, string value)
    {
        var key = writtenKey == "pod" ? "ws" : writtenKey;
        if (!given.Add(key))
        {
            return $"'{Shown(writtenKey)}=' is in the login name twice; say it once.";
        }

        switch (key)
        {
            case "ws":
                spec = spec with { Workspace = value };
                return DnsLabel.IsValid(value) ? null : NotALabel("workspace", value);

            case "workload":
                spec = spec with { Workload = ReadWorkload(value) };
                return spec.Workload is not null ? null
                    : $"'workload={Shown(value)}' is not a workload: write workload=deployment.NAME, statefulset.NAME or daemonset.NAME.";

            case "ns":
                spec = spec with { Namespace = value };
                return DnsLabel.IsValid(value) ? null : NotALabel("namespace", value);

            case "mode":
                spec = spec with { Mode = value == "live" ? InjectionMode.Live : InjectionMode.Rollout };
                return value is "live" or "rollout" ? null : $"'mode={Shown(value)}' is not a mode: write mode=rollout or mode=live.";

            case "replica":
                spec = spec with { Replica = new ReplicaSelector(value) };
                return IsDnsName(value) ? null : NotAReplica(value);

            case "user":
                spec = spec with { PosixUser = value };
                return IsPosixName(value) ? null : $"'user={Shown(value)}' is not the name of a POSIX user.";

            default:
                return $"'{Shown(writtenKey)}=' is not known here: write ws=, workload=, ns=, mode=, replica= or user=.";
        }
    }

    /// <summary>What no option can know by itself.</summary>
    private static string? CheckTogether(LoginSpec spec) => spec switch
    {
        { Workload: not null, Namespace: null } => "'workload=' needs the namespace too: add ns=NAMESPACE.",
        { Workload: null, Namespace: not null } => "'ns=' says where a workload is: add workload=KIND.NAME, or leave it out.",
        { Workload: null, Mode: not null } => "'mode=' says how to get into a workload: add workload=KIND.NAME and ns=NAMESPACE, or leave it out.",
        _ => null,
    };

    private static WorkloadName? ReadWorkload(string value)
    {
        var separator = value.IndexOfAny(['.', '/']);
        if (separator < 0 || !IsDnsName(value[(separator + 1)..]))
        {
            return null;
        }

        // The short names are kubectl's.
        var kind = value[..separator].ToLowerInvariant() switch
        {
            "deployment" or "deployments" or "deploy" => "Deployment",
            "statefulset" or "statefulsets" or "sts" => "StatefulSet",
            "daemonset" or "daemonsets" or "ds" => "DaemonSet",
            _ => null,
        };
        return kind is null ? null : new WorkloadName(kind, value[(separator + 1)..]);
    }

    /// <summary>A DNS subdomain (RFC 1123 section 2.1), the form of names of pods and workloads.</summary>
    private static bool IsDnsName(string value) => value.Length <= 253 && value.Split('.').All(label => DnsLabel.IsValid(label));

    /// <summary>The portable form of user names (useradd(8)): at most 32 characters.</summary>
    private static bool IsPosixName(string value) =>
        value is { Length: > 0 and <= 32 } && (char.IsAsciiLetterLower(value[0]) || value[0] == '_')
        && value.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-');

    private static string NotALabel(string what, string value, int maxLength = DnsLabel.MaxLength) => value.Length == 0
        ? $"The name of the {what} is missing in the login name, {Example}."
        : $"'{Shown(value)}' cannot be the name of a {what}: names have lower-case letters, digits and '-', at most {maxLength}, no '-' at either end.";

    private static string NotAReplica(string value) =>
        $"'{Shown(value)}' cannot be a replica: write its number, the name of its pod or the end of that name, or 'ask'.";

    /// <summary>Input as it may be repeated to a person and in logs: short, and printable ASCII only.</summary>
    private static string Shown(string value)
    {
        var shown = new string([.. value.Take(64).Select(c => c is >= ' ' and <= '~' ? c : '?')]);
        return value.Length > 64 ? shown + "..." : shown;
    }
}
