using System.Text;
using k8s.Models;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Node.Volumes;

/// <summary>
/// Turns configMap, secret, downwardAPI and projected volume sources into files. Throws <see cref="VolumeNotReadyException"/>
/// in the kubelet's words when an object or key that is not optional is missing.
/// </summary>
internal sealed class ObjectFiles(IClusterApi api, PodFields fields, IServiceAccountTokens? tokens)
{
    private const int DefaultMode = 0b110_100_100;

    public List<VolumeFile> FromConfigMap(string ns, string? name, IList<V1KeyToPath>? items, bool? optional, int? mode)
    {
        var map = api.Get(ResourceTypes.ConfigMaps, ns, name ?? "")?.To<V1ConfigMap>();
        if (map is null)
        {
            return optional == true ? [] : throw new VolumeNotReadyException($"configmap \"{name}\" not found");
        }

        var data = (map.Data ?? new Dictionary<string, string>()).ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetBytes(pair.Value));
        foreach (var (key, value) in map.BinaryData ?? new Dictionary<string, byte[]>())
        {
            data[key] = value;
        }

        return Select(data, items, optional, mode, "configmap");
    }

    public List<VolumeFile> FromSecret(string ns, string? name, IList<V1KeyToPath>? items, bool? optional, int? mode)
    {
        var secret = api.Get(ResourceTypes.Secrets, ns, name ?? "")?.To<V1Secret>();
        return secret is not null
            ? Select(secret.Data ?? new Dictionary<string, byte[]>(), items, optional, mode, "secret")
            : optional == true ? [] : throw new VolumeNotReadyException($"secret \"{name}\" not found");
    }

    public List<VolumeFile> FromDownwardApi(V1Pod pod, IList<V1DownwardAPIVolumeFile>? items, int? mode) =>
    [
        .. (items ?? []).Select(item => new VolumeFile(
            CheckPath(item.Path),
            Encoding.UTF8.GetBytes(item.FieldRef is not null
                ? fields.Field(pod, item.FieldRef.FieldPath)
                : fields.Resource(PodFields.Container(pod, item.ResourceFieldRef.ContainerName), item.ResourceFieldRef)),
            Mode(item.Mode ?? mode))),
    ];

    public List<VolumeFile> FromProjection(V1Pod pod, V1ProjectedVolumeSource source)
    {
        var files = new List<VolumeFile>();
        foreach (var projection in source.Sources ?? [])
        {
            files.AddRange(projection switch
            {
                { ConfigMap: { } map } => FromConfigMap(pod.Metadata.NamespaceProperty, map.Name, map.Items, map.Optional, source.DefaultMode),
                { Secret: { } secret } => FromSecret(pod.Metadata.NamespaceProperty, secret.Name, secret.Items, secret.Optional, source.DefaultMode),
                { DownwardAPI: { } downward } => FromDownwardApi(pod, downward.Items, source.DefaultMode),
                { ServiceAccountToken: { } token } => [Token(pod, token, source.DefaultMode)],
                _ => throw new VolumeNotReadyException("a projected volume source of this kind is not supported by LocalCluster"),
            });
        }

        // A later source wins over an earlier one at the same path.
        return [.. files.GroupBy(file => file.Path).Select(group => group.Last())];
    }

    private static List<VolumeFile> Select(IDictionary<string, byte[]> data, IList<V1KeyToPath>? items, bool? optional, int? mode, string kind)
    {
        if (items is null || items.Count == 0)
        {
            return [.. data.Select(pair => new VolumeFile(pair.Key, pair.Value, Mode(mode)))];
        }

        var files = new List<VolumeFile>();
        foreach (var item in items)
        {
            if (data.TryGetValue(item.Key, out var content))
            {
                files.Add(new VolumeFile(CheckPath(item.Path), content, Mode(item.Mode ?? mode)));
            }
            else if (optional != true)
            {
                throw new VolumeNotReadyException($"references non-existent {kind} key: {item.Key}");
            }
        }

        return files;
    }

    private static string CheckPath(string path) =>
        path.StartsWith('/') || path.Split('/').Contains("..") ? throw new VolumeNotReadyException($"invalid path {path} in a volume: it must be relative and without '..'") : path;

    private static UnixFileMode Mode(int? mode) => (UnixFileMode)(mode ?? DefaultMode);

    private VolumeFile Token(V1Pod pod, V1ServiceAccountTokenProjection projection, int? mode)
    {
        if (tokens is null)
        {
            throw new VolumeNotReadyException("service account tokens are not supported by this LocalCluster; set automountServiceAccountToken: false");
        }

        var token = tokens.Issue(pod, projection.Audience, TimeSpan.FromSeconds(projection.ExpirationSeconds ?? 3600));
        // The kubelet hands tokens to the pod's own user only, or to its fsGroup.
        var single = pod.Spec.SecurityContext?.FsGroup is null ? Mode(mode) : (UnixFileMode)0b110_000_000;
        return new VolumeFile(CheckPath(projection.Path), Encoding.UTF8.GetBytes(token), single);
    }
}
