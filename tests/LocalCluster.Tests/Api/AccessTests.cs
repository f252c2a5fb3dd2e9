using System.Net;
using k8s;
using k8s.Models;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>Who may do what: anonymous callers, service account tokens, RBAC.</summary>
public sealed class AccessTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    [Fact]
    public async Task NoCredentials_AreRefusedButForHealthAndVersion()
    {
        using var anonymous = new Kubernetes(With(c => (c.ClientCertificateData, c.ClientCertificateKeyData, c.AccessToken) = (null, null, null)));
        var status = await Refused.WithAsync(HttpStatusCode.Forbidden, () => anonymous.ListNamespaceAsync());
        Assert.Equal("namespaces is forbidden: User \"system:anonymous\" cannot list resource \"namespaces\" in API group \"\" at the cluster scope", status.Message);
        Assert.NotNull((await anonymous.Version.GetCodeAsync()).GitVersion);
    }

    [Fact]
    public async Task WrongToken_IsUnauthorized()
    {
        using var stranger = new Kubernetes(With(c => (c.ClientCertificateData, c.ClientCertificateKeyData, c.AccessToken) = (null, null, "no-token")));
        var status = await Refused.WithAsync(HttpStatusCode.Unauthorized, () => stranger.ListNamespaceAsync());
        Assert.Equal("Unauthorized", status.Message);
    }

    [Fact]
    public async Task ServiceAccount_MayDoWhatItsRoleSaysAndNoMore()
    {
        var ns = await cluster.NamespaceAsync();
        var request = new Authenticationv1TokenRequest { Spec = new V1TokenRequestSpec { Audiences = [], ExpirationSeconds = 600 } };
        var token = (await cluster.Client.CreateNamespacedServiceAccountTokenAsync(request, "default", ns)).Status.Token;
        using var account = new Kubernetes(With(c => (c.ClientCertificateData, c.ClientCertificateKeyData, c.AccessToken) = (null, null, token)));

        var status = await Refused.WithAsync(HttpStatusCode.Forbidden, () => account.ListNamespacedConfigMapAsync(ns));
        Assert.Equal(
            $"configmaps is forbidden: User \"system:serviceaccount:{ns}:default\" cannot list resource \"configmaps\" in API group \"\" in the namespace \"{ns}\"",
            status.Message);

        await cluster.Client.CreateNamespacedRoleAsync(
            new V1Role
            {
                Metadata = new V1ObjectMeta { Name = "reader" },
                Rules = [new V1PolicyRule { ApiGroups = [""], Resources = ["configmaps"], Verbs = ["get", "list"] }],
            },
            ns);
        await cluster.Client.CreateNamespacedRoleBindingAsync(
            new V1RoleBinding
            {
                Metadata = new V1ObjectMeta { Name = "reader" },
                RoleRef = new V1RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "Role", Name = "reader" },
                Subjects = [new Rbacv1Subject { Kind = "ServiceAccount", Name = "default", NamespaceProperty = ns }],
            },
            ns);
        await Eventually.TrueAsync(async () => await MayListAsync(account, ns));
        await Refused.WithAsync(HttpStatusCode.Forbidden, () => account.DeleteNamespacedConfigMapAsync("kube-root-ca.crt", ns));
        await Refused.WithAsync(HttpStatusCode.Forbidden, () => account.ListNamespacedConfigMapAsync("default"));
    }

    private static async Task<bool> MayListAsync(Kubernetes account, string ns)
    {
        var review = new V1SelfSubjectAccessReview
        {
            Spec = new V1SelfSubjectAccessReviewSpec { ResourceAttributes = new V1ResourceAttributes { NamespaceProperty = ns, Verb = "list", Resource = "configmaps" } },
        };
        return (await account.CreateSelfSubjectAccessReviewAsync(review)).Status.Allowed && (await account.ListNamespacedConfigMapAsync(ns)).Items.Count > 0;
    }

    private KubernetesClientConfiguration With(Action<KubernetesClientConfiguration> change)
    {
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(cluster.KubeconfigFile);
        change(configuration);
        return configuration;
    }
}
