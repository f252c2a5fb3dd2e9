using System.Globalization;
using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Operations;
using Workspaces.LocalCluster.Selecting;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Serving;

/// <summary>
/// The eviction subresource: deletes a pod unless a PodDisruptionBudget forbids it (429), as <c>kubectl drain</c> does. A granted disruption is
/// counted in the budget at once, so that two evictions cannot share one. See <see cref="DisruptionGate"/>.
/// </summary>
internal sealed class EvictionHandler(ObjectStore store, ObjectWriter writer, ObjectRemover remover)
{
    private static readonly WriteOptions Options = new(Caller.System, "kube-apiserver");

    public async Task HandleAsync(ApiRequest request)
    {
        if (request.Verb != "create")
        {
            throw ApiErrors.MethodNotAllowed();
        }

        var (body, _) = RequestBody.ParseObject(await RequestBody.ReadAsync(request.Http.Request), RequestBody.MediaType(request.Http.Request));
        if (body.Text("metadata", "name") != request.Name)
        {
            throw ApiErrors.BadRequest("name in URL does not match name in Eviction object");
        }

        var options = new DeleteOptions
        {
            GracePeriodSeconds = body.Number("deleteOptions", "gracePeriodSeconds"),
            PropagationPolicy = body.Text("deleteOptions", "propagationPolicy"),
            PreconditionUid = body.Text("deleteOptions", "preconditions", "uid"),
            PreconditionResourceVersion = body.Text("deleteOptions", "preconditions", "resourceVersion"),
            DryRun = RequestOptions.IsDryRun(request) || body.At("deleteOptions", "dryRun") is JsonArray { Count: > 0 },
        };
        lock (store.Gate)
        {
            Evict(request, options);
        }

        await Responses.WriteAsync(request.Http, 201, new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["code"] = 201,
        });
    }

    private void Evict(ApiRequest request, DeleteOptions options)
    {
        var stored = store.Get(ResourceTypes.Pods, request.Namespace, request.Name!) ?? throw ApiErrors.NotFound(ResourceTypes.Pods, request.Name!);
        var pod = stored.As<V1Pod>();
        if (!DisruptionGate.Ignores(pod))
        {
            var budgets = store.List(ResourceTypes.PodDisruptionBudgets, stored.Namespace)
                .Where(budget => LabelSelector.Of(budget.Json.At("spec", "selector") as JsonObject)?.Matches(stored.Labels) == true).ToList();
            if (budgets.Count > 1)
            {
                throw new ApiStatusException(500, "", "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.");
            }

            if (budgets is [var budget] && DisruptionGate.Take(budget, pod, writer.Now()) is { } status && !options.DryRun)
            {
                var changed = budget.Copy();
                changed["status"] = status;
                writer.Update(ResourceTypes.PodDisruptionBudgets, budget.Namespace, budget.Name, changed, "status", Options);
            }
        }

        Delete(stored, options);
    }

    /// <summary>The pod says of itself why it goes.</summary>
    private void Delete(StoredObject pod, DeleteOptions options)
    {
        if (options.DryRun)
        {
            remover.Delete(ResourceTypes.Pods, pod.Namespace, pod.Name, options);
            return;
        }

        var version = pod.ResourceVersion.ToString(CultureInfo.InvariantCulture);
        if ((options.PreconditionUid is { } uid && uid != pod.Uid) || (options.PreconditionResourceVersion is { } wanted && wanted != version))
        {
            remover.Delete(ResourceTypes.Pods, pod.Namespace, pod.Name, options); // refuses, in its words
            return;
        }

        var changed = pod.Copy();
        var status = changed.Ensure("status");
        var others = status.Objects("conditions").Where(condition => condition.Text("type") != "DisruptionTarget").Select(condition => condition.DeepClone());
        status["conditions"] = new JsonArray([.. others, new JsonObject
        {
            ["type"] = "DisruptionTarget",
            ["status"] = "True",
            ["reason"] = "EvictionByEvictionAPI",
            ["message"] = "Eviction API: evicting",
            ["lastTransitionTime"] = writer.Now(),
        }]);
        writer.Update(ResourceTypes.Pods, pod.Namespace, pod.Name, changed, "status", Options);
        remover.Delete(ResourceTypes.Pods, pod.Namespace, pod.Name, options with { PreconditionResourceVersion = null });
    }
}
