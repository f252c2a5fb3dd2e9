using System.Text;
using System.Text.Json;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Options;
using Workspaces.Cluster.Connecting;
using Workspaces.Cluster.Naming;
using Workspaces.Contracts;

namespace Workspaces.Cluster.Records;

/// <summary>
/// The workers' memory: one ConfigMap per workspace in the system namespace. It belongs to no workload, so that deleting what a
/// worker looks after cannot take away the memory of what is still to be undone.
/// </summary>
public sealed class RecordStore(IKubernetes kubernetes, IOptions<ClusterOptions> options)
{
    /// <summary>Largest record. A ConfigMap takes 1 MiB (etcd's request limit is 1.5 MiB); the rest is for labels and growth.</summary>
    public const int MaxBytes = 900 * 1024;

    private const string Entry = "record.json";

    private readonly string _namespace = options.Value.SystemNamespace;

    /// <summary>The record of a workspace, or <see langword="null"/>.</summary>
    public async Task<WorkspaceRecord?> GetAsync(string workspaceId, CancellationToken cancellation)
    {
        try
        {
            return Read(await kubernetes.CoreV1.ReadNamespacedConfigMapAsync(
                ObjectNames.For(workspaceId), _namespace, cancellationToken: cancellation).ConfigureAwait(false));
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.NotFound))
        {
            return null;
        }
    }

    /// <summary>Ids of all workspaces of a model that have a record.</summary>
    public async Task<IReadOnlyList<string>> ListIdsAsync(WorkspaceModel model, CancellationToken cancellation)
    {
        var maps = await kubernetes.CoreV1.ListNamespacedConfigMapAsync(
            _namespace, labelSelector: $"{WorkspaceLabels.Record}=true,{WorkspaceLabels.Model}={ModelName(model)}",
            cancellationToken: cancellation).ConfigureAwait(false);
        return [.. maps.Items.Select(map => map.GetLabel(WorkspaceLabels.Workspace)).OfType<string>()];
    }

    /// <summary>Stores a new record, or the next version of one that was read.</summary>
    /// <returns>The record with its new version.</returns>
    /// <exception cref="RecordConflictException">It was changed since it was read, or exists already, or is gone.</exception>
    /// <exception cref="RecordTooLargeException">It does not fit.</exception>
    public async Task<WorkspaceRecord> SaveAsync(WorkspaceRecord record, CancellationToken cancellation)
    {
        var map = Write(record);
        try
        {
            var stored = record.ResourceVersion is null
                ? await kubernetes.CoreV1.CreateNamespacedConfigMapAsync(
                    map, _namespace, fieldManager: Manager(record.Model), cancellationToken: cancellation).ConfigureAwait(false)
                : await kubernetes.CoreV1.ReplaceNamespacedConfigMapAsync(
                    map, map.Name(), _namespace, fieldManager: Manager(record.Model), cancellationToken: cancellation).ConfigureAwait(false);
            return record with { ResourceVersion = stored.ResourceVersion() };
        }
        catch (Exception e) when (ClusterError.Of(e)?.Kind
            is ClusterErrorKind.Conflict or ClusterErrorKind.AlreadyExists or ClusterErrorKind.NotFound)
        {
            // NotFound on replace: deleted since. On create it would mean that the namespace is gone, which reading again shows.
            throw new RecordConflictException(record.WorkspaceId, e);
        }
    }

    /// <summary>Removes a record, provided that nobody has changed it since it was read.</summary>
    /// <exception cref="RecordConflictException">It was changed.</exception>
    public async Task DeleteAsync(WorkspaceRecord record, CancellationToken cancellation)
    {
        try
        {
            var condition = new V1DeleteOptions { Preconditions = new V1Preconditions { ResourceVersion = record.ResourceVersion } };
            await kubernetes.CoreV1.DeleteNamespacedConfigMapAsync(
                ObjectNames.For(record.WorkspaceId), _namespace, condition, cancellationToken: cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.NotFound))
        {
            // Gone is what was wanted.
        }
        catch (Exception e) when (ClusterError.Is(e, ClusterErrorKind.Conflict))
        {
            throw new RecordConflictException(record.WorkspaceId, e);
        }
    }

    private V1ConfigMap Write(WorkspaceRecord record)
    {
        var json = JsonSerializer.Serialize(record, ContractsJson.Options);
        var bytes = Encoding.UTF8.GetByteCount(json);
        if (bytes > MaxBytes)
        {
            throw new RecordTooLargeException(record.WorkspaceId, bytes);
        }

        return new V1ConfigMap
        {
            Metadata = new V1ObjectMeta
            {
                Name = ObjectNames.For(record.WorkspaceId),
                NamespaceProperty = _namespace,
                ResourceVersion = record.ResourceVersion,
                Labels = new Dictionary<string, string>
                {
                    [WorkspaceLabels.Record] = "true",
                    [WorkspaceLabels.Workspace] = record.WorkspaceId,
                    [WorkspaceLabels.Model] = ModelName(record.Model),
                },
            },
            Data = new Dictionary<string, string> { [Entry] = json },
        };
    }

    private static WorkspaceRecord Read(V1ConfigMap map)
    {
        if (map.Data is null || !map.Data.TryGetValue(Entry, out var json)
            || JsonSerializer.Deserialize<WorkspaceRecord>(json, ContractsJson.Options) is not { } record)
        {
            throw new InvalidDataException($"ConfigMap {map.Namespace()}/{map.Name()} is labelled as a workspace's record but has no '{Entry}'.");
        }

        return record with { ResourceVersion = map.ResourceVersion() };
    }

    private static string Manager(WorkspaceModel model) =>
        model == WorkspaceModel.Standalone ? FieldManagers.Provisioner : FieldManagers.Injector;

    private static string ModelName(WorkspaceModel model) => model == WorkspaceModel.Standalone ? "standalone" : "injection";
}
