using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Node.Runtime;

/// <summary>
/// The filter behind `seccompProfile: RuntimeDefault`. Where the profiles of container engines list what is allowed, this one
/// lists what they refuse (the table of their documentation), because a list of what is dangerous ages better here than a
/// list of every harmless call of every kernel. Calls that a capability vouches for are allowed with it.
/// </summary>
internal static class DefaultSeccomp
{
    private const int OperationNotPermitted = 1;
    private const int NotImplemented = 38;

    /// <summary>CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.</summary>
    private static readonly ulong[] NewNamespaceFlags = [0x0002_0000, 0x0200_0000, 0x0400_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000];

    private static readonly string[] AlwaysRefused =
    [
        "_sysctl", "add_key", "create_module", "get_kernel_syms", "io_uring_enter", "io_uring_register", "io_uring_setup", "kexec_file_load",
        "kexec_load", "keyctl", "nfsservctl", "query_module", "request_key", "sysfs", "uselib", "userfaultfd", "ustat", "vm86", "vm86old",
    ];

    private static readonly Dictionary<string, string[]> RefusedWithout = new(StringComparer.Ordinal)
    {
        ["CAP_SYS_ADMIN"] =
        [
            "fsconfig", "fsmount", "fsopen", "fspick", "mount", "mount_setattr", "move_mount", "open_tree", "pivot_root", "quotactl", "quotactl_fd",
            "setdomainname", "sethostname", "setns", "swapoff", "swapon", "umount", "umount2", "unshare",
        ],
        ["CAP_BPF"] = ["bpf"],
        ["CAP_PERFMON"] = ["perf_event_open"],
        ["CAP_SYS_MODULE"] = ["delete_module", "finit_module", "init_module"],
        ["CAP_SYS_PACCT"] = ["acct"],
        ["CAP_SYS_TIME"] = ["clock_adjtime", "clock_settime", "settimeofday", "stime"],
        ["CAP_SYS_RAWIO"] = ["ioperm", "iopl"],
        ["CAP_SYS_BOOT"] = ["reboot"],
        ["CAP_SYS_PTRACE"] = ["kcmp"],
        ["CAP_SYS_NICE"] = ["get_mempolicy", "mbind", "move_pages", "set_mempolicy"],
        ["CAP_SYSLOG"] = ["syslog"],
        ["CAP_DAC_READ_SEARCH"] = ["lookup_dcookie", "open_by_handle_at"],
    };

    /// <summary>The profile in the form of an OCI configuration, for a container with the given capabilities.</summary>
    public static JsonObject For(IReadOnlyCollection<string> capabilities)
    {
        bool Lacks(string capability) => !capabilities.Contains(capability) && !(capability is "CAP_BPF" or "CAP_PERFMON" && capabilities.Contains("CAP_SYS_ADMIN"));

        var refused = AlwaysRefused.Concat(RefusedWithout.Where(rule => Lacks(rule.Key)).SelectMany(rule => rule.Value));
        var rules = new JsonArray { Rule(refused, OperationNotPermitted) };
        if (Lacks("CAP_SYS_ADMIN"))
        {
            // A new thread or process is fine, a new namespace is not. The flags of clone3 are behind a pointer that a filter
            // cannot read: "not implemented" makes the C library fall back to clone.
            foreach (var flag in NewNamespaceFlags)
            {
                var clone = Rule(["clone"], OperationNotPermitted);
                clone["args"] = new JsonArray
                {
                    new JsonObject { ["index"] = 0, ["value"] = flag, ["valueTwo"] = flag, ["op"] = "SCMP_CMP_MASKED_EQ" },
                };
                rules.Add(clone);
            }

            rules.Add(Rule(["clone3"], NotImplemented));
        }

        return new JsonObject { ["defaultAction"] = "SCMP_ACT_ALLOW", ["syscalls"] = rules };
    }

    private static JsonObject Rule(IEnumerable<string> calls, int error) => new()
    {
        ["names"] = new JsonArray([.. calls.Select(call => (JsonNode)call)]),
        ["action"] = "SCMP_ACT_ERRNO",
        ["errnoRet"] = error,
    };
}
