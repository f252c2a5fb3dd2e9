using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>What a namespace asks for by its labels (https://kubernetes.io/docs/concepts/security/pod-security-admission).</summary>
internal sealed partial record NamespacePolicy(Policy Enforce, Policy Audit, Policy Warn)
{
    private const string Prefix = "pod-security.kubernetes.io/";

    /// <summary>
    /// Reads the labels. One that cannot be read is reported; meanwhile enforcing is strict, and auditing and warning are off. Without a
    /// label of its own the warning level follows a stricter enforced one, so that workloads are warned of the pods that they will not get.
    /// </summary>
    public static NamespacePolicy Of(JsonNode? labels, List<FieldError> errors)
    {
        var enforce = Read(labels, "enforce", PolicyLevel.Restricted, errors, out var enforced);
        var audit = Read(labels, "audit", PolicyLevel.Privileged, errors, out _);
        var warn = Read(labels, "warn", PolicyLevel.Privileged, errors, out _);
        if (labels.Text(Prefix + "warn") is null && enforced && enforce.Level > warn.Level)
        {
            warn = new Policy(enforce.Level, labels.Text(Prefix + "warn-version") is null ? enforce.Minor : warn.Minor);
        }

        return new NamespacePolicy(enforce, audit, warn);
    }

    private static Policy Read(JsonNode? labels, string mode, PolicyLevel otherwise, List<FieldError> errors, out bool isSet)
    {
        isSet = false;
        var (level, minor) = (PolicyLevel.Privileged, (int?)null);
        var label = Prefix + mode;
        if (labels.Text(label) is { } text)
        {
            isSet = text is "privileged" or "baseline" or "restricted";
            level = text switch { "privileged" => PolicyLevel.Privileged, "baseline" => PolicyLevel.Baseline, "restricted" => PolicyLevel.Restricted, _ => otherwise };
            if (!isSet)
            {
                errors.Add(FieldError.Invalid($"metadata.labels[{label}]", FieldError.Quote(text), "must be one of privileged, baseline, restricted"));
            }
        }

        label += "-version";
        if (labels.Text(label) is { } version && version != "latest")
        {
            if (Version().Match(version) is { Success: true } match && int.TryParse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture, out var number))
            {
                minor = number;
            }
            else
            {
                errors.Add(FieldError.Invalid($"metadata.labels[{label}]", FieldError.Quote(version), "must be \"latest\" or \"v1.x\""));
            }
        }

        return new Policy(level, minor);
    }

    [GeneratedRegex(@"^v1\.([0-9]|[1-9][0-9]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
