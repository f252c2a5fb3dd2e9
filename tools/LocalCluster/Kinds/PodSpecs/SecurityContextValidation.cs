using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds.PodSpecs;

/// <summary>Security contexts of containers and pods.</summary>
internal static class SecurityContextValidation
{
    private static readonly string[] ProcMounts = ["Default", "Unmasked"];
    private static readonly string[] Profiles = ["Localhost", "RuntimeDefault", "Unconfined"];
    private static readonly string[] GroupChangePolicies = ["Always", "OnRootMismatch"];
    private static readonly string[] GroupPolicies = ["Merge", "Strict"];

    public static void OfContainer(JsonNode? context, string at, bool hostUsers, List<FieldError> errors)
    {
        if (context is null)
        {
            return;
        }

        Checks.Id(context["runAsUser"], $"{at}.runAsUser", errors);
        Checks.Id(context["runAsGroup"], $"{at}.runAsGroup", errors);
        Checks.Known(context, "procMount", at, ProcMounts, errors);
        if (hostUsers && context.Text("procMount") == "Unmasked")
        {
            errors.Add(FieldError.Invalid($"{at}.procMount", "\"Unmasked\"", "`hostUsers` must be false to use `Unmasked`"));
        }

        Seccomp(context["seccompProfile"], $"{at}.seccompProfile", errors);
        if (context.Flag("allowPrivilegeEscalation") == false)
        {
            Escalation(context, at, errors);
        }

        AppArmor(context["appArmorProfile"], $"{at}.appArmorProfile", errors);
    }

    public static void OfPod(PodSpecContext pod, List<FieldError> errors)
    {
        var at = $"{pod.At}.securityContext";
        var context = pod.Spec["securityContext"];
        foreach (var name in new[] { context.At("fsGroup"), context.At("runAsUser"), context.At("runAsGroup") }.OfType<JsonNode>())
        {
            Checks.Id(name, $"{at}.{name.GetPropertyName()}", errors);
        }

        var groups = context.At("supplementalGroups") as JsonArray ?? [];
        for (var i = 0; i < groups.Count; i++)
        {
            Checks.Id(groups[i], $"{at}.supplementalGroups[{i}]", errors);
        }

        if (pod.Spec.Flag("hostPID") == true && pod.Spec.Flag("shareProcessNamespace") == true)
        {
            errors.Add(FieldError.Invalid($"{at}.shareProcessNamespace", "true", "ShareProcessNamespace and HostPID cannot both be enabled"));
        }

        SysctlValidation.OfPod(context, $"{at}.sysctls", errors);
        Checks.Known(context, "fsGroupChangePolicy", at, GroupChangePolicies, errors);
        Seccomp(context.At("seccompProfile"), $"{at}.seccompProfile", errors);
        AppArmor(context.At("appArmorProfile"), $"{at}.appArmorProfile", errors);
        Checks.Known(context, "supplementalGroupsPolicy", at, GroupPolicies, errors);
    }

    private static void Escalation(JsonNode context, string at, List<FieldError> errors)
    {
        if (context.Flag("privileged") == true)
        {
            errors.Add(FieldError.Invalid(at, GoStructs.SecurityContext(context), "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"));
        }

        if ((context.At("capabilities", "add") as JsonArray ?? []).Any(c => (string?)c == "CAP_SYS_ADMIN"))
        {
            errors.Add(FieldError.Invalid(at, GoStructs.SecurityContext(context), "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"));
        }
    }

    private static void Seccomp(JsonNode? profile, string at, List<FieldError> errors)
    {
        if (profile is null)
        {
            return;
        }

        if (string.IsNullOrEmpty(profile.Text("type")))
        {
            errors.Add(FieldError.Required($"{at}.type", "type is required when seccompProfile is set"));
        }
        else
        {
            Checks.Known(profile, "type", at, Profiles, errors);
        }

        if (profile.Text("type") != "Localhost")
        {
            if (profile["localhostProfile"] is not null)
            {
                errors.Add(FieldError.Invalid($"{at}.localhostProfile", GoStructs.Seccomp(profile), "can only be set when seccomp type is Localhost"));
            }
        }
        else if (profile.Text("localhostProfile") is { } path)
        {
            Checks.RelativePath(path, $"{at}.localhostProfile", errors);
        }
        else
        {
            errors.Add(FieldError.Required($"{at}.localhostProfile", "must be set when seccomp type is Localhost"));
        }
    }

    private static void AppArmor(JsonNode? profile, string at, List<FieldError> errors)
    {
        if (profile is null)
        {
            return;
        }

        if (string.IsNullOrEmpty(profile.Text("type")))
        {
            errors.Add(FieldError.Required($"{at}.type", "type is required when appArmorProfile is set"));
        }
        else
        {
            Checks.Known(profile, "type", at, Profiles, errors);
        }

        var local = profile.Text("localhostProfile");
        if (profile.Text("type") == "Localhost")
        {
            if (string.IsNullOrWhiteSpace(local))
            {
                errors.Add(FieldError.Required($"{at}.localhostProfile", "must be set when AppArmor type is Localhost"));
            }
        }
        else if (local is not null)
        {
            errors.Add(FieldError.Invalid($"{at}.localhostProfile", FieldError.Quote(local), "can only be set when AppArmor type is Localhost"));
        }
    }
}
