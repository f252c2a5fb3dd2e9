using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Node.Runtime;

/// <summary>Writes a <see cref="ContainerSpec"/> as the config.json of the OCI runtime specification.</summary>
internal static class OciConfiguration
{
    private static readonly string[] MaskedPaths =
    [
        "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats", "/proc/sched_debug",
        "/proc/scsi", "/sys/firmware",
    ];

    private static readonly string[] ReadOnlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    public static JsonObject Create(ContainerSpec spec)
    {
        var linux = new JsonObject
        {
            ["cgroupsPath"] = spec.Cgroup,
            ["namespaces"] = Namespaces(spec.Namespaces),
            ["resources"] = Resources(spec),
        };
        if (spec.Sysctls.Count > 0)
        {
            linux["sysctl"] = new JsonObject(spec.Sysctls.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        }

        if (!spec.Privileged && !spec.UnmaskedProc)
        {
            linux["maskedPaths"] = List(MaskedPaths);
            linux["readonlyPaths"] = List(ReadOnlyPaths);
        }

        if (spec.Mounts.Any(mount => mount.Propagation == "rshared"))
        {
            linux["rootfsPropagation"] = "shared";
        }
        else if (spec.Mounts.Any(mount => mount.Propagation == "rslave"))
        {
            linux["rootfsPropagation"] = "slave";
        }

        if (spec.DefaultSeccomp && !spec.Privileged)
        {
            linux["seccomp"] = DefaultSeccomp.For([.. spec.Capabilities]);
        }

        var configuration = new JsonObject
        {
            ["ociVersion"] = "1.0.0",
            ["process"] = Process(spec, spec.Arguments, spec.Terminal),
            ["root"] = new JsonObject { ["path"] = spec.RootFileSystem, ["readonly"] = spec.ReadOnlyRoot },
            ["mounts"] = Mounts(spec),
            ["linux"] = linux,
        };
        if (spec.HostName is not null)
        {
            configuration["hostname"] = spec.HostName;
        }

        return configuration;
    }

    /// <summary>A process of the container: its first one, or one that exec adds with the same identity and environment.</summary>
    public static JsonObject Process(ContainerSpec spec, IReadOnlyList<string> arguments, bool terminal)
    {
        // As containerd does: nothing inheritable or ambient, so that a program of another user than root has none of them.
        JsonObject capabilities = new() { ["bounding"] = List(spec.Capabilities), ["effective"] = List(spec.Capabilities), ["permitted"] = List(spec.Capabilities) };
        return new JsonObject
        {
            ["terminal"] = terminal,
            ["args"] = List(arguments),
            ["env"] = List(terminal && !spec.Environment.Any(variable => variable.StartsWith("TERM=", StringComparison.Ordinal)) ? [.. spec.Environment, "TERM=xterm"] : spec.Environment),
            ["cwd"] = spec.WorkingDir,
            ["user"] = new JsonObject
            {
                ["uid"] = spec.User.Uid,
                ["gid"] = spec.User.Gid,
                ["additionalGids"] = new JsonArray([.. spec.User.AdditionalGids.Select(gid => (JsonNode)gid)]),
            },
            ["capabilities"] = capabilities,
            ["noNewPrivileges"] = spec.NoNewPrivileges,
        };
    }

    private static JsonArray List(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode)value)]);

    private static JsonArray Namespaces(NamespacePlan plan)
    {
        var list = new JsonArray { new JsonObject { ["type"] = "mount" } };
        foreach (var (kind, choice) in ((string, string?)[])[("network", plan.Network), ("ipc", plan.Ipc), ("uts", plan.Uts), ("pid", plan.Pid)])
        {
            if (choice is null)
            {
                continue;
            }

            var entry = new JsonObject { ["type"] = kind };
            if (choice != NamespacePlan.New)
            {
                entry["path"] = choice;
            }

            list.Add(entry);
        }

        return list;
    }

    private static JsonObject Resources(ContainerSpec spec)
    {
        var resources = new JsonObject
        {
            ["devices"] = new JsonArray { new JsonObject { ["allow"] = spec.Privileged, ["access"] = "rwm" } },
        };
        if (spec.Resources.MemoryBytes is { } memory)
        {
            resources["memory"] = new JsonObject { ["limit"] = memory };
        }

        var cpu = new JsonObject();
        if (spec.Resources.CpuShares is { } shares)
        {
            cpu["shares"] = shares;
        }

        if (spec.Resources.CpuQuota is { } quota)
        {
            cpu["quota"] = quota;
            cpu["period"] = 100_000;
        }

        if (cpu.Count > 0)
        {
            resources["cpu"] = cpu;
        }

        return resources;
    }

    private static JsonArray Mounts(ContainerSpec spec)
    {
        var access = spec.Privileged ? "rw" : "ro";
        var mounts = new JsonArray
        {
            Mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev"),
            Mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
            Mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
            Mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
            Mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", access),
            Mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", access),
        };
        // A mount below another must come after it, whatever the order in the pod.
        foreach (var mount in spec.Mounts.OrderBy(mount => mount.Destination.Count(c => c == '/')))
        {
            mounts.Add(Mount(mount.Destination, "bind", mount.Source, "rbind", mount.Propagation, mount.RecursiveReadOnly ? "rro" : mount.ReadOnly ? "ro" : "rw"));
        }

        return mounts;
    }

    private static JsonObject Mount(string destination, string type, string source, params string[] options) =>
        new() { ["destination"] = destination, ["type"] = type, ["source"] = source, ["options"] = List(options) };
}
