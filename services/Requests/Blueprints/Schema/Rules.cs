using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Workspaces.Contracts;

namespace Workspaces.Requests.Blueprints.Schema;

/// <summary>Rules of single values. Each returns what is wrong, as the end of a sentence that begins with the value, or null.</summary>
public static partial class Rules
{
    private static readonly string[] Capabilities =
    [
        "ALL", "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE", "BLOCK_SUSPEND", "BPF", "CHECKPOINT_RESTORE", "CHOWN", "DAC_OVERRIDE",
        "DAC_READ_SEARCH", "FOWNER", "FSETID", "IPC_LOCK", "IPC_OWNER", "KILL", "LEASE", "LINUX_IMMUTABLE", "MAC_ADMIN", "MAC_OVERRIDE",
        "MKNOD", "NET_ADMIN", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW", "PERFMON", "SETFCAP", "SETGID", "SETPCAP", "SETUID",
        "SYSLOG", "SYS_ADMIN", "SYS_BOOT", "SYS_CHROOT", "SYS_MODULE", "SYS_NICE", "SYS_PACCT", "SYS_PTRACE", "SYS_RAWIO", "SYS_RESOURCE",
        "SYS_TIME", "SYS_TTY_CONFIG", "WAKE_ALARM",
    ];

    public static string? NotEmpty(string value) => value.Length > 0 ? null : "must not be empty";

    public static string? BlueprintName(string value) =>
        DnsLabel.IsValid(value, 40) ? null : "must be a DNS label: at most 40 of a-z, 0-9 and '-', with no '-' at either end";

    public static string? Label(string value) =>
        DnsLabel.IsValid(value) ? null : "must be a DNS label: at most 63 of a-z, 0-9 and '-', with no '-' at either end";

    /// <summary>RFC 1123 subdomain, the form of most Kubernetes names.</summary>
    public static string? Subdomain(string value) =>
        value.Length <= 253 && value.Split('.').All(part => DnsLabel.IsValid(part))
            ? null
            : "must be a Kubernetes name: DNS labels joined by dots";

    public static string? Image(string value) =>
        ImagePattern().IsMatch(value) ? null : "must be an image reference such as registry.example.com/team/dev:1.2";

    public static string? EnvironmentName(string value) =>
        !EnvironmentPattern().IsMatch(value) ? "must be a variable name: letters, digits and '_', not starting with a digit"
        : value.StartsWith("WORKSPACE_", StringComparison.Ordinal) ? "is reserved: names that begin with WORKSPACE_ are set by the suite"
        : null;

    public static string? ParameterName(string value) =>
        ParameterPattern().IsMatch(value) ? null : "must be a parameter name: a letter, then at most 39 letters, digits, '_' and '-'";

    public static string? PosixUser(string value) =>
        PosixUserPattern().IsMatch(value) ? null : "must be a POSIX user name: at most 32 of a-z, 0-9, '_' and '-', starting with a letter or '_'";

    public static string? AbsolutePath(string value) =>
        value.Length < 2 || value[0] != '/' ? "must be an absolute path below /"
        : value.Length > 1024 || value.Any(char.IsControl) || value.Contains(':', StringComparison.Ordinal)
            ? "must not contain ':' or control characters, and must be at most 1024 characters long"
        : value.Split('/').Any(part => part is ".." or ".") ? "must not contain '.' or '..'"
        : value.StartsWith("/.workspace", StringComparison.Ordinal) ? "is reserved: /.workspace belongs to the toolkit"
        : null;

    public static string? Amount(string value) =>
        Quantity.TryParse(value, out _) ? null : "must be a Kubernetes quantity such as 500m, 2 or 4Gi";

    public static string? Size(string value) =>
        Quantity.TryParse(value, out var size) && size >= 1 ? null : "must be a size such as 10Gi";

    public static string? Span(string value) =>
        Duration.TryParse(value, out _) ? null : "must be a duration such as 30m, 12h, 3d or 1h30m, at most ten years";

    public static string? FileMode(string value) =>
        value.Length is 3 or 4 && value.All(c => c is >= '0' and <= '7') && (value.Length == 3 || value[0] == '0')
            ? null
            : "must be an octal mode such as 0644";

    public static string? Port(string value) =>
        Number(value, 1, 65535) ?? (value == "2222" ? "is the port of the SSH server; take another" : null);

    public static string? PosixId(string value) => Number(value, 0, int.MaxValue);

    public static string? Cidr(string value) =>
        value.Split('/') is [var address, _] && IPNetwork.TryParse(value, out var network) && network.BaseAddress.ToString() == address
            ? null
            : "must be a range in CIDR notation without host bits, such as 10.96.0.0/12";

    /// <summary>A label key: an optional prefix that is a DNS subdomain, then a name.</summary>
    public static string? LabelKey(string value)
    {
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        var prefixed = slash < 0 || Subdomain(value[..slash]) is null;
        return prefixed && LabelPattern().IsMatch(value[(slash + 1)..]) ? null : "must be a Kubernetes label key such as app or example.com/app";
    }

    public static string? LabelValue(string value) =>
        value.Length == 0 || LabelPattern().IsMatch(value)
            ? null
            : "must be a Kubernetes label value: at most 63 letters, digits, '-', '_' and '.', with a letter or digit at either end";

    public static string? Capability(string value)
    {
        var name = value.StartsWith("CAP_", StringComparison.Ordinal) ? value[4..] : value;
        return name != value ? $"must be written without CAP_: {name}"
            : Capabilities.Contains(name) ? null
            : "is not a Linux capability." + NearestName.Hint(name, Capabilities);
    }

    public static Func<string, string?> OneOf(params string[] values) => value =>
        values.Contains(value) ? null : $"must be one of {string.Join(", ", values)}.{NearestName.Hint(value, values)}";

    public static Func<string, string?> Range(long from, long to) => value => Number(value, from, to);

    private static string? Number(string value, long from, long to) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to
            ? null
            : $"must be a whole number from {from} to {to}";

    [GeneratedRegex(@"^[a-z0-9]+([._:/-]+[A-Za-z0-9_]+)*(@sha256:[a-f0-9]{64})?$", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex ImagePattern();

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex EnvironmentPattern();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,39}$")]
    private static partial Regex ParameterPattern();

    [GeneratedRegex("^[a-z_][a-z0-9_-]{0,31}$")]
    private static partial Regex PosixUserPattern();

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$")]
    private static partial Regex LabelPattern();
}
