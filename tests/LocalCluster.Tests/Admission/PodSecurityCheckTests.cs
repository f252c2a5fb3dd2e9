using System.Net;
using Workspaces.LocalCluster.Tests.Api;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Admission;

/// <summary>Each check of the Pod Security Standards: a pod that passes, and one that does not, with the server's sentence.</summary>
public sealed class PodSecurityCheckTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    private const string Hardened = """ "allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]} """;
    private const string HardenedPod = """ "runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"} """;

    [Theory]
    [InlineData("baseline:latest", """ "securityContext":{"privileged":true} """, "privileged (container \"c\" must not set securityContext.privileged=true)")]
    [InlineData("baseline:latest", """ "securityContext":{"privileged":false} """, null)]
    [InlineData("baseline:latest", """ "securityContext":{"capabilities":{"add":["SYS_PTRACE","NET_ADMIN","CHOWN"]}} """,
        "non-default capabilities (container \"c\" must not include \"NET_ADMIN\", \"SYS_PTRACE\" in securityContext.capabilities.add)")]
    [InlineData("baseline:latest", """ "securityContext":{"capabilities":{"add":["CHOWN","KILL"]}} """, null)]
    [InlineData("baseline:latest", """ "ports":[{"containerPort":80,"hostPort":8080},{"containerPort":81,"hostPort":9090}] """, "hostPort (container \"c\" uses hostPorts 8080, 9090)")]
    [InlineData("baseline:latest", """ "ports":[{"containerPort":80}] """, null)]
    [InlineData("baseline:latest", """ "livenessProbe":{"httpGet":{"port":80,"host":"example.com"}} """,
        "probe or lifecycle host (container \"c\" uses probe or lifecycle host \"example.com\")")]
    [InlineData("baseline:latest", """ "livenessProbe":{"httpGet":{"port":80}} """, null)]
    [InlineData("baseline:v1.33", """ "livenessProbe":{"httpGet":{"port":80,"host":"example.com"}} """, null)]
    [InlineData("baseline:latest", """ "lifecycle":{"preStop":{"tcpSocket":{"port":80,"host":"b"}}},"readinessProbe":{"tcpSocket":{"port":80,"host":"a"}} """,
        "probe or lifecycle host (container \"c\" uses probe or lifecycle hosts \"a\", \"b\")")]
    [InlineData("baseline:latest", """ "securityContext":{"seLinuxOptions":{"type":"spc_t","user":"u"}} """,
        "seLinuxOptions (container \"c\" set forbidden securityContext.seLinuxOptions: type \"spc_t\"; user may not be set)")]
    [InlineData("baseline:latest", """ "securityContext":{"seLinuxOptions":{"type":"container_engine_t","level":"s0"}} """, null)]
    [InlineData("baseline:v1.30", """ "securityContext":{"seLinuxOptions":{"type":"container_engine_t"}} """,
        "seLinuxOptions (container \"c\" set forbidden securityContext.seLinuxOptions: type \"container_engine_t\")")]
    [InlineData("baseline:latest", """ "securityContext":{"seccompProfile":{"type":"Unconfined"}} """,
        "seccompProfile (container \"c\" must not set securityContext.seccompProfile.type to \"Unconfined\")")]
    [InlineData("baseline:latest", """ "securityContext":{"seccompProfile":{"type":"RuntimeDefault"}} """, null)]
    [InlineData("baseline:latest", """ "securityContext":{"appArmorProfile":{"type":"Unconfined"}} """,
        "forbidden AppArmor profile (container \"c\" must not set AppArmor profile type to \"Unconfined\")")]
    [InlineData("baseline:latest", """ "securityContext":{"appArmorProfile":{"type":"RuntimeDefault"}} """, null)]
    [InlineData("privileged:latest", """ "securityContext":{"privileged":true} """, null)]
    public Task Container_OfABaselineNamespace_IsHeldAgainstTheCheck(string policy, string container, string? violation) =>
        CheckAsync(policy, $$"""{"containers":[{"name":"c","image":"i",{{container}}}]}""", violation);

    [Theory]
    [InlineData("baseline:latest", """ "hostNetwork":true,"hostPID":true,"hostIPC":true """, "host namespaces (hostNetwork=true, hostPID=true, hostIPC=true)")]
    [InlineData("baseline:latest", """ "hostPID":false """, null)]
    [InlineData("baseline:latest", """ "volumes":[{"name":"a","hostPath":{"path":"/a"}},{"name":"b","emptyDir":{}}] """, "hostPath volumes (volume \"a\")")]
    [InlineData("baseline:latest", """ "volumes":[{"name":"a","nfs":{"server":"s","path":"/p"}}] """, null)]
    [InlineData("baseline:latest", """ "securityContext":{"sysctls":[{"name":"kernel.msgmax","value":"1"},{"name":"net.ipv4.tcp_rmem","value":"1"}]} """, "forbidden sysctls (kernel.msgmax)")]
    [InlineData("baseline:v1.31", """ "securityContext":{"sysctls":[{"name":"net.ipv4.tcp_rmem","value":"1"}]} """, "forbidden sysctls (net.ipv4.tcp_rmem)")]
    [InlineData("baseline:v1.28", """ "securityContext":{"sysctls":[{"name":"net.ipv4.tcp_keepalive_time","value":"1"}]} """, "forbidden sysctls (net.ipv4.tcp_keepalive_time)")]
    [InlineData("baseline:v1.29", """ "securityContext":{"sysctls":[{"name":"net.ipv4.tcp_keepalive_time","value":"1"}]} """, null)]
    [InlineData("baseline:latest", """ "securityContext":{"seccompProfile":{"type":"Unconfined"}} """, "seccompProfile (pod must not set securityContext.seccompProfile.type to \"Unconfined\")")]
    [InlineData("baseline:latest", """ "securityContext":{"appArmorProfile":{"type":"Unconfined"}} """, "forbidden AppArmor profile (pod must not set AppArmor profile type to \"Unconfined\")")]
    public Task Pod_OfABaselineNamespace_IsHeldAgainstTheCheck(string policy, string spec, string? violation) =>
        CheckAsync(policy, $$"""{"containers":[{"name":"c","image":"i"}],{{spec}}}""", violation);

    [Theory]
    [InlineData("baseline:latest", null)]
    [InlineData("baseline:v1.34", "procMount (container \"c\" must not set securityContext.procMount to \"Unmasked\")")]
    [InlineData("restricted:latest", "procMount (container \"c\" must not set securityContext.procMount to \"Unmasked\")")]
    public Task ProcMount_InAUserNamespace_IsAllowedByNewerBaselinesAlone(string policy, string? violation) => CheckAsync(
        policy,
        """{"hostUsers":false,"securityContext":{"seccompProfile":{"type":"RuntimeDefault"}},"containers":[{"name":"c","image":"i","securityContext":{"procMount":"Unmasked","allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}}]}""",
        violation);

    [Fact]
    public Task HostProcess_OnWindows_IsNamedAfterTheHostNetworkThatItNeeds() => CheckAsync(
        "baseline:latest",
        """{"os":{"name":"windows"},"hostNetwork":true,"securityContext":{"windowsOptions":{"hostProcess":true}},"containers":[{"name":"c","image":"i"}]}""",
        "host namespaces (hostNetwork=true), hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)");

    [Theory]
    [InlineData(Hardened, HardenedPod, null)]
    [InlineData(""" "capabilities":{"drop":["ALL"]} """, HardenedPod, "allowPrivilegeEscalation != false (container \"c\" must set securityContext.allowPrivilegeEscalation=false)")]
    [InlineData(""" "allowPrivilegeEscalation":false """, HardenedPod, "unrestricted capabilities (container \"c\" must set securityContext.capabilities.drop=[\"ALL\"])")]
    [InlineData(""" "allowPrivilegeEscalation":false,"capabilities":{"add":["SYS_PTRACE","NET_BIND_SERVICE"]} """, HardenedPod,
        "unrestricted capabilities (container \"c\" must set securityContext.capabilities.drop=[\"ALL\"]; container \"c\" must not include \"SYS_PTRACE\" in securityContext.capabilities.add)")]
    [InlineData(Hardened, """ "seccompProfile":{"type":"RuntimeDefault"} """, "runAsNonRoot != true (pod or container \"c\" must set securityContext.runAsNonRoot=true)")]
    [InlineData(Hardened, """ "runAsNonRoot":false,"seccompProfile":{"type":"RuntimeDefault"} """, "runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)")]
    [InlineData(Hardened + ""","runAsNonRoot":false""", HardenedPod, "runAsNonRoot != true (container \"c\" must not set securityContext.runAsNonRoot=false)")]
    [InlineData(Hardened + ""","runAsNonRoot":true,"seccompProfile":{"type":"Localhost","localhostProfile":"p"}""", """ "fsGroup":1 """, null)]
    [InlineData(Hardened, HardenedPod + """,  "runAsUser":0 """, "runAsUser=0 (pod must not set runAsUser=0)")]
    [InlineData(Hardened + ""","runAsUser":0""", HardenedPod + """,  "runAsUser":0 """, "runAsUser=0 (pod and container \"c\" must not set runAsUser=0)")]
    [InlineData(Hardened + ""","runAsUser":1000""", HardenedPod, null)]
    [InlineData(Hardened, """ "runAsNonRoot":true """, "seccompProfile (pod or container \"c\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")")]
    [InlineData(Hardened + """,  "seccompProfile":{"type":"Unconfined"}""", HardenedPod, "seccompProfile (container \"c\" must not set securityContext.seccompProfile.type to \"Unconfined\")")]
    public Task SecurityContext_OfARestrictedNamespace_IsHeldAgainstTheCheck(string container, string pod, string? violation) => CheckAsync(
        "restricted:latest", $$$"""{"securityContext":{ {{{pod}}} },"containers":[{"name":"c","image":"i","securityContext":{ {{{container}}} } }]}""", violation);

    [Theory]
    [InlineData(""" {"name":"a","emptyDir":{}},{"name":"b","configMap":{"name":"c"}},{"name":"c","persistentVolumeClaim":{"claimName":"c"}},{"name":"d","projected":{"sources":[]}} """, null)]
    [InlineData(""" {"name":"a","hostPath":{"path":"/"}},{"name":"b","nfs":{"server":"s","path":"/p"}} """,
        "restricted volume types (volumes \"a\", \"b\" use restricted volume types \"hostPath\", \"nfs\")")]
    [InlineData(""" {"name":"a","nfs":{"server":"s","path":"/p"}} """, "restricted volume types (volume \"a\" uses restricted volume type \"nfs\")")]
    public Task Volumes_OfARestrictedNamespace_AreHeldAgainstTheCheck(string volumes, string? violation) => CheckAsync(
        "restricted:latest",
        $$$"""{"securityContext":{ {{{HardenedPod}}} },"volumes":[{{{volumes}}}],"containers":[{"name":"c","image":"i","securityContext":{ {{{Hardened}}} } }]}""",
        violation);

    [Fact]
    public Task WindowsPod_OfARestrictedNamespace_NeedsNoLinuxSettings() => CheckAsync(
        "restricted:latest", """{"os":{"name":"windows"},"securityContext":{"runAsNonRoot":true},"containers":[{"name":"c","image":"i"}]}""", null);

    [Fact]
    public Task SeveralContainers_OfARestrictedNamespace_AreNamedTogetherAndChecksInOrder() => CheckAsync(
        "restricted:v1.36",
        """{"initContainers":[{"name":"init","image":"i"}],"containers":[{"name":"c","image":"i","securityContext":{"privileged":true}}]}""",
        "privileged (container \"c\" must not set securityContext.privileged=true), "
        + "allowPrivilegeEscalation != false (containers \"init\", \"c\" must set securityContext.allowPrivilegeEscalation=false), "
        + "unrestricted capabilities (containers \"init\", \"c\" must set securityContext.capabilities.drop=[\"ALL\"]), "
        + "runAsNonRoot != true (pod or containers \"init\", \"c\" must set securityContext.runAsNonRoot=true), "
        + "seccompProfile (pod or containers \"init\", \"c\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")");

    private async Task CheckAsync(string policy, string spec, string? violation)
    {
        var ns = await cluster.NamespaceAsync();
        var parts = policy.Split(':');
        (await cluster.Client.PatchAsync(
            $"api/v1/namespaces/{ns}",
            $$$$"""{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"{{{{parts[0]}}}}","pod-security.kubernetes.io/enforce-version":"{{{{parts[1]}}}}"}}}""",
            "application/merge-patch+json")).Ok();

        var answer = await cluster.Client.PostAsync($"api/v1/namespaces/{ns}/pods?dryRun=All", $$$"""{"metadata":{"name":"p"},"spec":{{{spec}}}}""");

        if (violation is null)
        {
            answer.Ok();
            Assert.Empty(answer.Warnings);
        }
        else
        {
            Assert.Equal($"pods \"p\" is forbidden: violates PodSecurity \"{policy}\": {violation}", answer.Refused(HttpStatusCode.Forbidden));
        }
    }
}
