using k8s.Models;
using Workspaces.LocalCluster.Tests.Node;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Injection;

/// <summary>What a user of the workspace container can see of, and do to, a process of the target that runs as uid 1001, where processes are shared.</summary>
[Trait("needs", "containers")]
public sealed class LoginUserTests(NodeFixture cluster)
{
    /// <summary>uid; SYS_PTRACE; environ, maps and root of the process; kill; gdb.</summary>
    [Theory]
    [InlineData(1002, false, false, false, false)]
    [InlineData(1002, true, false, false, false)]
    [InlineData(0, false, false, true, false)]
    [InlineData(1001, false, true, true, true)]
    [InlineData(0, true, true, true, true)]
    public async Task Workspace_AsAUser_CanDoToTheTargetWhatThatUserCan(long uid, bool trace, bool sees, bool kills, bool debugs)
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("app", "exec sleep 86421");
        pod.Spec.ShareProcessNamespace = true;
        pod.Spec.Containers[0].SecurityContext = new V1SecurityContext { RunAsUser = 1001 };
        pod.Spec.Containers[0].Env = [new V1EnvVar { Name = "OF_THE_TARGET", Value = "seen" }];
        var workspace = Shell("workspace", "exec sleep infinity");
        workspace.SecurityContext = new V1SecurityContext { RunAsUser = uid, Capabilities = trace ? new V1Capabilities { Add = ["SYS_PTRACE"] } : null };
        pod.Spec.Containers.Add(workspace);
        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "app");
        const string find = "p=$(pgrep -f '^sleep 86421'); ";

        // The container runs before its shell has become the service.
        await EventuallyAsync(() => SucceedsAsync("pgrep -f '^sleep 86421'"));
        Assert.Equal(sees, await SucceedsAsync(find + "tr '\\0' '\\n' < /proc/$p/environ | grep -q OF_THE_TARGET=seen"));
        Assert.Equal(sees, await SucceedsAsync(find + "grep -q sleep /proc/$p/maps"));
        Assert.Equal(sees, await SucceedsAsync(find + "ls /proc/$p/root/etc/passwd"));
        Assert.Equal(debugs, await SucceedsAsync(find + "gdb -nx -batch -p $p -ex 'info registers' 2>&1 | grep -q rip"));
        Assert.Equal(kills, await SucceedsAsync(find + "kill -0 $p"));

        async Task<bool> SucceedsAsync(string script)
        {
            var (code, output, errors) = await cluster.ExecAsync(ns, "app", "workspace", "sh", "-c", script);
            Assert.False(errors.Contains("not found", StringComparison.Ordinal), output + errors);
            return code == 0;
        }
    }
}
