using System.Net;
using k8s.Models;
using Workspaces.LocalCluster.Node.Images;
using Workspaces.LocalCluster.Node.Isolation;
using Workspaces.LocalCluster.Node.Runtime;

namespace Workspaces.LocalCluster.Node.Containers;

/// <summary>Translates a container of a pod into what the OCI runtime must know. Decides; starts nothing.</summary>
internal sealed class ContainerSpecFactory(NodeFolders folders, NodeCgroups cgroups, ContainerEnvironment environments)
{
    public ContainerSpec Create(ContainerRequest request, string rootFileSystem, string terminationLog, IPAddress podAddress)
    {
        var (pod, container, image) = (request.Pod, request.Container, request.Image);
        var environment = environments.Build(pod, container, image, podAddress);
        var arguments = Arguments(container, image, environment);
        var security = container.SecurityContext;
        var privileged = security?.Privileged == true;
        var podFolder = folders.Pod(pod.Metadata.Uid);
        return new ContainerSpec
        {
            Id = request.Id,
            Bundle = Path.Combine(folders.Container(pod.Metadata.Uid, container.Name, request.Attempt), "bundle"),
            RootFileSystem = rootFileSystem,
            Arguments = arguments,
            Environment = [.. environment.Select(pair => $"{pair.Key}={pair.Value}")],
            WorkingDir = string.IsNullOrEmpty(container.WorkingDir) ? image.WorkingDir : container.WorkingDir,
            User = ContainerIdentity.Resolve(pod, container, image),
            Cgroup = $"{cgroups.Name}/pod{pod.Metadata.Uid}/{request.Id}",
            Mounts = ContainerMounts.Build(podFolder, container, image, request.Volumes, environment, terminationLog),
            Capabilities = privileged ? DefaultCapabilities.Everything : DefaultCapabilities.Apply(security?.Capabilities?.Add ?? [], security?.Capabilities?.Drop ?? []),
            Namespaces = request.Namespaces,
            ReadOnlyRoot = security?.ReadOnlyRootFilesystem == true,
            NoNewPrivileges = security?.AllowPrivilegeEscalation == false,
            Privileged = privileged,
            DefaultSeccomp = Seccomp(pod, container),
            UnmaskedProc = security?.ProcMount == "Unmasked",
            Terminal = container.Tty == true,
            Resources = ContainerLimits.Of(container),
        };
    }

    private static List<string> Arguments(V1Container container, ImageDefinition image, Dictionary<string, string> environment)
    {
        // A pod's command drops the image's command too: it was written for the image's entrypoint.
        IEnumerable<string> arguments = container.Command is { Count: > 0 } command
            ? command.Concat(container.Args ?? []).Select(text => VariableReferences.Expand(text, environment))
            : image.Entrypoint.Concat(container.Args is { Count: > 0 } args ? args.Select(text => VariableReferences.Expand(text, environment)) : image.Command);
        var result = arguments.ToList();
        return result.Count > 0 ? result : throw new ContainerConfigException("no command specified");
    }

    private static bool Seccomp(V1Pod pod, V1Container container)
    {
        var profile = container.SecurityContext?.SeccompProfile ?? pod.Spec.SecurityContext?.SeccompProfile;
        return profile?.Type switch
        {
            null or "Unconfined" => false,
            "RuntimeDefault" => true,
            _ => throw new ContainerConfigException($"seccomp profiles of type {profile!.Type} are not supported by LocalCluster; use RuntimeDefault or Unconfined"),
        };
    }
}
