namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>Which checks a policy consists of, and what they find.</summary>
internal static class PolicyEvaluator
{
    /// <summary>The newest minor version that changed any check: later policies are the same.</summary>
    private const int Newest = 35;

    private static readonly SecurityCheck[] Checks =
    [
        new AppArmorCheck(), new BaselineCapabilitiesCheck(), new HostNamespacesCheck(), new HostPathVolumesCheck(), new HostPortsCheck(), new HostProbesCheck(),
        new PrivilegedCheck(), new ProcMountCheck(), new SelinuxOptionsCheck(), new BaselineSeccompCheck(), new SysctlsCheck(), new WindowsHostProcessCheck(),
        new PrivilegeEscalationCheck(), new RestrictedCapabilitiesCheck(), new RestrictedProcMountCheck(), new RestrictedVolumesCheck(), new RunAsNonRootCheck(),
        new RunAsUserCheck(), new RestrictedSeccompCheck(),
    ];

    public static IReadOnlyList<Violation> Violations(Policy policy, SecuredPod pod)
    {
        var minor = Math.Min(policy.Minor ?? Newest, Newest);
        var active = Checks.Where(c => c.Level <= policy.Level && c.Since <= minor).ToList();
        return
        [
            .. active.Where(c => !active.Exists(o => o.Replaces == c.Id))
                .OrderBy(c => c.Level).ThenBy(c => c.Id, StringComparer.Ordinal)
                .Select(c => c.Check(pod, minor)).OfType<Violation>(),
        ];
    }
}
