using System.Net;
using System.Text;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Node.Images;
using Workspaces.LocalCluster.Node.Volumes;

namespace Workspaces.LocalCluster.Node.Containers;

/// <summary>The environment of a container: the image's, the pod's host name, Services, envFrom, then env with $(NAME) references expanded.</summary>
internal sealed class ContainerEnvironment(IClusterApi api, PodFields fields)
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public Dictionary<string, string> Build(V1Pod pod, V1Container container, ImageDefinition image, IPAddress podAddress)
    {
        var ns = pod.Metadata.NamespaceProperty;
        var result = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = DefaultPath, ["HOSTNAME"] = PodHostName.Of(pod) };
        var services = ServiceVariables.For(pod, api.List(ResourceTypes.Services).Items.Select(service => service.To<V1Service>()));
        foreach (var (name, value) in image.Env)
        {
            result[name] = value;
        }

        // References see what the pod declares and Services, not what the image brings.
        var declared = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in (container.EnvFrom ?? []).SelectMany(source => From(ns, source)))
        {
            declared[name] = value;
        }

        foreach (var variable in container.Env ?? [])
        {
            if (Value(pod, container, variable, podAddress, services, declared) is { } value)
            {
                declared[variable.Name] = value;
            }
        }

        foreach (var (name, value) in services.Concat(declared))
        {
            result[name] = value;
        }

        return result;
    }

    private string? Value(V1Pod pod, V1Container container, V1EnvVar variable, IPAddress podAddress, Dictionary<string, string> services, Dictionary<string, string> declared)
    {
        var ns = pod.Metadata.NamespaceProperty;
        try
        {
            return variable.ValueFrom switch
            {
                null => VariableReferences.Expand(variable.Value ?? "", declared, services),
                { FieldRef: { } field } => fields.Field(pod, field.FieldPath, podAddress),
                { ResourceFieldRef: { } resource } => fields.Resource(
                    resource.ContainerName is { Length: > 0 } name ? PodFields.Container(pod, name) : container, resource),
                { ConfigMapKeyRef: { } key } => Key(ConfigMap(ns, key.Name, key.Optional), key.Key, key.Optional, "ConfigMap", ns, key.Name),
                { SecretKeyRef: { } key } => Key(Secret(ns, key.Name, key.Optional), key.Key, key.Optional, "Secret", ns, key.Name),
                _ => throw new ContainerConfigException($"the source of environment variable {variable.Name} is not supported by LocalCluster"),
            };
        }
        catch (VolumeNotReadyException e)
        {
            throw new ContainerConfigException(e.Message);
        }
    }

    private IEnumerable<(string Name, string Value)> From(string ns, V1EnvFromSource source)
    {
        var data = source.ConfigMapRef is { } map ? ConfigMap(ns, map.Name, map.Optional) : Secret(ns, source.SecretRef!.Name, source.SecretRef.Optional);
        return (data ?? []).Select(pair => (source.Prefix + pair.Key, pair.Value));
    }

    private Dictionary<string, string>? ConfigMap(string ns, string? name, bool? optional) =>
        api.Get(ResourceTypes.ConfigMaps, ns, name ?? "")?.To<V1ConfigMap>() is { } map
            ? (map.Data ?? new Dictionary<string, string>()).ToDictionary()
            : optional == true ? null : throw new ContainerConfigException($"configmap \"{name}\" not found");

    private Dictionary<string, string>? Secret(string ns, string? name, bool? optional) =>
        api.Get(ResourceTypes.Secrets, ns, name ?? "")?.To<V1Secret>() is { } secret
            ? (secret.Data ?? new Dictionary<string, byte[]>()).ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetString(pair.Value))
            : optional == true ? null : throw new ContainerConfigException($"secret \"{name}\" not found");

    private static string? Key(Dictionary<string, string>? data, string key, bool? optional, string kind, string ns, string? name) =>
        data?.TryGetValue(key, out var value) == true
            ? value
            : optional == true ? null : throw new ContainerConfigException($"couldn't find key {key} in {kind} {ns}/{name}");
}
