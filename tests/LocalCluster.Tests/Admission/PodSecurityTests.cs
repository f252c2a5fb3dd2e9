using System.Net;
using Workspaces.LocalCluster.Tests.Api;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Admission;

/// <summary>How a namespace's Pod Security labels work: on pods, on templates, on pods that are there already, and on themselves.</summary>
public sealed class PodSecurityTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    private const string Merge = "application/merge-patch+json";
    private const string Plain = """{"containers":[{"name":"c","image":"i"}]}""";
    private const string OfPlain =
        "allowPrivilegeEscalation != false (container \"c\" must set securityContext.allowPrivilegeEscalation=false), "
        + "unrestricted capabilities (container \"c\" must set securityContext.capabilities.drop=[\"ALL\"]), "
        + "runAsNonRoot != true (pod or container \"c\" must set securityContext.runAsNonRoot=true), "
        + "seccompProfile (pod or container \"c\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")";

    [Fact]
    public async Task Warn_LetsThePodInWithAWarning()
    {
        var ns = await LabelledAsync("warn", "restricted");
        var answer = await PodAsync(ns, "p", Plain);
        answer.Ok();
        Assert.Equal([$"would violate PodSecurity \"restricted:latest\": {OfPlain}"], answer.Warnings);
    }

    [Fact]
    public async Task Enforce_OfATemplate_OnlyWarns()
    {
        var ns = await LabelledAsync("enforce", "restricted");
        var answer = await cluster.Client.PostAsync($"apis/apps/v1/namespaces/{ns}/deployments", $$$"""
            {"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{{{Plain}}} } } }
            """);
        answer.Ok();
        Assert.Equal([$"would violate PodSecurity \"restricted:latest\": {OfPlain}"], answer.Warnings);

        var scaled = await cluster.Client.PatchAsync($"apis/apps/v1/namespaces/{ns}/deployments/d/scale", """{"spec":{"replicas":2}}""", Merge);
        scaled.Ok();
        Assert.Empty(scaled.Warnings);
    }

    [Fact]
    public async Task Enforce_WithAnOlderVersion_WarnsByThatVersion()
    {
        var ns = await LabelledAsync("enforce", "baseline");
        (await LabelAsync(ns, "enforce-version", "v1.20")).Ok();
        var answer = await cluster.Client.PostAsync($"apis/apps/v1/namespaces/{ns}/statefulsets", """
            {"metadata":{"name":"d"},"spec":{"serviceName":"d","selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},
              "spec":{"hostPID":true,"containers":[{"name":"c","image":"i"}]}}}}
            """);
        answer.Ok();
        Assert.Equal(["would violate PodSecurity \"baseline:v1.20\": host namespaces (hostPID=true)"], answer.Warnings);
    }

    [Fact]
    public async Task EphemeralContainer_OfARestrictedNamespace_IsRefused()
    {
        var ns = await cluster.NamespaceAsync();
        (await PodAsync(ns, "p", Plain)).Ok();
        (await LabelAsync(ns, "enforce", "baseline")).Ok();
        var path = $"api/v1/namespaces/{ns}/pods/p/ephemeralcontainers";

        var answer = await cluster.Client.PatchAsync(
            path, """{"spec":{"ephemeralContainers":[{"name":"d","image":"i","securityContext":{"capabilities":{"add":["SYS_PTRACE"]}}}]}}""", "application/strategic-merge-patch+json");

        Assert.Equal(
            "pods \"p\" is forbidden: violates PodSecurity \"baseline:latest\": non-default capabilities (container \"d\" must not include \"SYS_PTRACE\" in securityContext.capabilities.add)",
            answer.Refused(HttpStatusCode.Forbidden));
        (await cluster.Client.PatchAsync(path, """{"spec":{"ephemeralContainers":[{"name":"d","image":"i"}]}}""", "application/strategic-merge-patch+json")).Ok();
    }

    [Fact]
    public async Task UpdatePod_ThatViolatesAlready_IsAllowedWhileItsImagesStay()
    {
        var ns = await cluster.NamespaceAsync();
        (await PodAsync(ns, "p", Plain)).Ok();
        (await LabelAsync(ns, "enforce", "restricted")).Ok();
        (await cluster.Client.PatchAsync($"api/v1/namespaces/{ns}/pods/p", """{"metadata":{"labels":{"a":"b"}}}""", Merge)).Ok();

        var answer = await cluster.Client.PatchAsync($"api/v1/namespaces/{ns}/pods/p", """{"spec":{"containers":[{"name":"c","image":"j"}]}}""", "application/strategic-merge-patch+json");

        Assert.Equal($"pods \"p\" is forbidden: violates PodSecurity \"restricted:latest\": {OfPlain}", answer.Refused(HttpStatusCode.Forbidden));
    }

    [Fact]
    public async Task LabelNamespace_OverPodsThatViolate_WarnsOfThem()
    {
        var ns = await cluster.NamespaceAsync();
        (await PodAsync(ns, "b", """{"hostPID":true,"containers":[{"name":"c","image":"i"}]}""")).Ok();
        (await PodAsync(ns, "a", """{"hostPID":true,"containers":[{"name":"c","image":"i"}]}""")).Ok();
        (await PodAsync(ns, "c", """{"volumes":[{"name":"v","hostPath":{"path":"/"}}],"containers":[{"name":"c","image":"i"}]}""")).Ok();
        (await PodAsync(ns, "d", Plain)).Ok();

        var answer = await LabelAsync(ns, "enforce", "baseline");

        answer.Ok();
        Assert.Equal(
            [$"existing pods in namespace \"{ns}\" violate the new PodSecurity enforce level \"baseline:latest\"", "a (and 1 other pod): host namespaces", "c: hostPath volumes"],
            answer.Warnings);
        Assert.Empty((await LabelAsync(ns, "enforce", "privileged")).Warnings);
    }

    [Theory]
    [InlineData("enforce", "strict", "must be one of privileged, baseline, restricted")]
    [InlineData("warn", "Baseline", "must be one of privileged, baseline, restricted")]
    [InlineData("audit-version", "1.30", "must be \"latest\" or \"v1.x\"")]
    [InlineData("enforce-version", "v1.030", "must be \"latest\" or \"v1.x\"")]
    public async Task LabelNamespace_WithWhatCannotBeRead_IsInvalid(string label, string value, string why)
    {
        var ns = await cluster.NamespaceAsync();
        Assert.Equal(
            $"Namespace \"{ns}\" is invalid: metadata.labels[pod-security.kubernetes.io/{label}]: Invalid value: \"{value}\": {why}",
            (await LabelAsync(ns, label, value)).Refused(HttpStatusCode.UnprocessableEntity));
    }

    private async Task<string> LabelledAsync(string label, string value)
    {
        var ns = await cluster.NamespaceAsync();
        (await LabelAsync(ns, label, value)).Ok();
        return ns;
    }

    /// <summary>Sets a label, and where it enforces a level waits until it does: a server may learn of labels a little later than it stores them.</summary>
    private async Task<Answer> LabelAsync(string ns, string label, string value)
    {
        var labelled = await cluster.Client.PatchAsync(
            $"api/v1/namespaces/{ns}", $$$$"""{"metadata":{"labels":{"pod-security.kubernetes.io/{{{{label}}}}":"{{{{value}}}}"}}}""", Merge);
        var level = (string?)labelled.Body["metadata"]?["labels"]?["pod-security.kubernetes.io/enforce"];
        var version = (string?)labelled.Body["metadata"]?["labels"]?["pod-security.kubernetes.io/enforce-version"] ?? "latest";
        if (labelled.Code == HttpStatusCode.OK && level is "baseline" or "restricted")
        {
            await Eventually.TrueAsync(
                async () => (await cluster.Client.PostAsync(
                    $"api/v1/namespaces/{ns}/pods?dryRun=All", """{"metadata":{"name":"probe"},"spec":{"hostPID":true,"containers":[{"name":"c","image":"i"}]}}"""))
                    .Message?.Contains($"violates PodSecurity \"{level}:{version}\"", StringComparison.Ordinal) == true,
                $"{level}:{version} to be enforced");
        }

        return labelled;
    }

    private Task<Answer> PodAsync(string ns, string name, string spec) =>
        cluster.Client.PostAsync($"api/v1/namespaces/{ns}/pods", $$$"""{"metadata":{"name":"{{{name}}}"},"spec":{{{spec}}}}""");
}
