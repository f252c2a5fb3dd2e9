using System.Globalization;

namespace Workspaces.LocalCluster.Node.Runtime;

/// <summary>Capabilities of a container that asks for nothing else, as containerd grants them, and how add and drop change them.</summary>
internal static class DefaultCapabilities
{
    public static readonly IReadOnlyList<string> All =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
    ];

    /// <summary>Every capability in the kernel's order.</summary>
    private static readonly string[] Known =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK",
        "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT",
        "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL",
        "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON",
        "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    /// <summary>What a privileged container and `add: [ALL]` get: everything that this process may give away, which can be less than the kernel knows.</summary>
    public static readonly IReadOnlyList<string> Everything = [.. Known.Where((_, bit) => ((Bounding() >> bit) & 1) == 1)];

    /// <summary>The capabilities after a security context's drop and add, dropping first as the container runtimes do.</summary>
    public static IReadOnlyList<string> Apply(IEnumerable<string> add, IEnumerable<string> drop)
    {
        var added = add.Select(Name).ToHashSet(StringComparer.Ordinal);
        var dropped = drop.Select(Name).ToHashSet(StringComparer.Ordinal);
        IEnumerable<string> start = added.Contains("CAP_ALL") ? Everything : dropped.Contains("CAP_ALL") ? [] : All;
        var result = start.Where(capability => !dropped.Contains(capability)).Concat(added.Where(capability => capability != "CAP_ALL")).Distinct().ToList();
        return result.FirstOrDefault(capability => !Known.Contains(capability)) is { } unknown
            ? throw new ContainerStartException($"unknown capability \"{unknown}\"")
            : result;
    }

    /// <summary>The bounding set of this process (capabilities(7)).</summary>
    private static ulong Bounding()
    {
        const string field = "CapBnd:";
        var line = File.ReadLines("/proc/self/status").First(text => text.StartsWith(field, StringComparison.Ordinal));
        return ulong.Parse(line[field.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private static string Name(string capability) =>
        capability.StartsWith("CAP_", StringComparison.OrdinalIgnoreCase) ? capability.ToUpperInvariant() : "CAP_" + capability.ToUpperInvariant();
}
