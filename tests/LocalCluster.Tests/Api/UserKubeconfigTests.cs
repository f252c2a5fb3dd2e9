using System.Net;
using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Hosting;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>Kubeconfigs of persons, which LocalCluster writes beside the administrator's.</summary>
public sealed class UserKubeconfigTests
{
    [Fact]
    public async Task User_WithAKubeconfigOfTheirOwn_MayAskAndDoWhatTheyAreGiven()
    {
        TestCluster.IsLocalClusterOrSkip("kubeconfigs of users");
        var folder = Directory.CreateTempSubdirectory("localcluster-users-").FullName;
        await using var host = await LocalClusterHost.StartAsync(new LocalClusterOptions
        {
            StateFolder = folder,
            KubeconfigFile = Path.Combine(folder, "kubeconfig"),
            Port = 0,
            SidePort = 0,
            WithNode = false,
            Users = [new ClusterUser("ada", ["developers"])],
        });
        using var admin = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Path.Combine(folder, "kubeconfig")));
        using var ada = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Path.Combine(folder, "kubeconfig.ada")));

        var self = (await ada.CreateSelfSubjectReviewAsync(new V1SelfSubjectReview())).Status.UserInfo;
        var refused = await Refused.WithAsync(HttpStatusCode.Forbidden, () => ada.ListNamespacedConfigMapAsync("default"));
        await admin.CreateNamespacedRoleBindingAsync(
            new V1RoleBinding
            {
                Metadata = new V1ObjectMeta { Name = "developers" },
                RoleRef = new V1RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "ClusterRole", Name = "view" },
                Subjects = [new Rbacv1Subject { ApiGroup = "rbac.authorization.k8s.io", Kind = "Group", Name = "developers" }],
            },
            "default");

        Assert.Equal("ada", self.Username);
        Assert.Equal(["developers", "system:authenticated"], self.Groups.Order());
        Assert.Equal("configmaps is forbidden: User \"ada\" cannot list resource \"configmaps\" in API group \"\" in the namespace \"default\"", refused.Message);
        Assert.NotEmpty((await ada.ListNamespacedConfigMapAsync("default")).Items);
        await Refused.WithAsync(HttpStatusCode.Forbidden, () => ada.ListNamespacedConfigMapAsync("kube-system"));
        Directory.Delete(folder, recursive: true);
    }
}
